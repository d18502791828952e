import { type UseMutationResult, useMutation, useQueryClient } from '@tanstack/react-query';
import { toast } from './toast.tsx';

export interface ActionOptions<Input, Output> {
  /** Topics whose lists are asked for again, at once. */
  readonly topics: readonly string[];
  /** What a toast says afterwards. */
  readonly done?: string | ((input: Input, output: Output) => string);
  /** How it is undone. */
  readonly undo?: (input: Input) => Promise<unknown>;
}

/** Something that the API is asked to do: says when it is done, refreshes what it changed, and offers the way back. */
export function useAction<Input, Output>(
  act: (input: Input) => Promise<Output>,
  { topics, done, undo }: ActionOptions<Input, Output>,
): UseMutationResult<Output, Error, Input> {
  const client = useQueryClient();
  const refresh = (): Promise<unknown> =>
    Promise.all([...topics, 'overview'].map((topic) => client.invalidateQueries({ queryKey: [topic] })));
  return useMutation({
    mutationFn: act,
    // The way back leads to what was there before: afterwards the page may know only what is there now.
    onMutate: () => undo,
    onSuccess: async (output, input, back) => {
      if (done)
        toast(
          typeof done === 'function' ? done(input, output) : done,
          back ? { undo: () => void undoing(back, input) } : {},
        );
      await refresh();
    },
  });

  async function undoing(back: NonNullable<typeof undo>, input: Input): Promise<void> {
    try {
      await back(input);
      toast('Undone.');
    } catch (error) {
      toast(`It could not be undone: ${error instanceof Error ? error.message : String(error)}`, { failed: true });
    }
    await refresh();
  }
}
