import { type UseMutationResult, useMutation, useQueryClient } from '@tanstack/react-query';
import { toast } from './toast.tsx';

export interface ActionOptions<Input> {
  /** Topics whose lists are asked for again, at once. */
  readonly topics: readonly string[];
  /** What a toast says afterwards. */
  readonly done?: string | ((input: Input) => string);
  /** How it is undone. */
  readonly undo?: (input: Input) => Promise<unknown>;
}

/** Something that the API is asked to do: says when it is done, refreshes what it changed, and offers the way back. */
export function useAction<Input, Output>(
  act: (input: Input) => Promise<Output>,
  { topics, done, undo }: ActionOptions<Input>,
): UseMutationResult<Output, Error, Input> {
  const client = useQueryClient();
  const refresh = (): Promise<unknown> =>
    Promise.all([...topics, 'overview'].map((topic) => client.invalidateQueries({ queryKey: [topic] })));
  return useMutation({
    mutationFn: act,
    onSuccess: async (_output, input) => {
      if (done) toast(typeof done === 'function' ? done(input) : done, undo ? { undo: () => void undoing(input) } : {});
      await refresh();
    },
  });

  async function undoing(input: Input): Promise<void> {
    try {
      await undo?.(input);
      toast('Undone.');
    } catch (error) {
      toast(`It could not be undone: ${error instanceof Error ? error.message : String(error)}`, { failed: true });
    }
    await refresh();
  }
}
