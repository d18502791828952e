import { useRouter } from '@tanstack/react-router';
import { post, put } from '../../../http/client.ts';
import { useAction } from '../../../ui/use-action.ts';
import type { DefinitionKind } from '../queries.ts';
import { definitionKinds, pathOf } from './kinds.ts';

/** Of a form that makes or changes a definition. */
export interface Save {
  readonly kind: DefinitionKind;
  /** The one that is changed; undefined: a new one is made. */
  readonly id: string | undefined;
  readonly save: (definition: { readonly id: string }) => void;
  readonly isPending: boolean;
  readonly error: Error | null;
}

/** Makes a definition, or changes that of an id; says so, and opens it. */
export function useSave(kind: DefinitionKind, id: string | undefined): Save {
  const router = useRouter();
  const { word, link } = definitionKinds[kind];
  const { mutate, isPending, error } = useAction(
    (definition: { readonly id: string }) =>
      id === undefined ? post(`/v1/${kind}`, definition) : put(pathOf(kind, id), definition),
    {
      topics: [kind],
      done: (definition) => `The ${word} ${definition.id} is ${id === undefined ? 'made' : 'changed'}.`,
    },
  );
  return {
    ...{ kind, id, isPending, error },
    save: (definition) => mutate(definition, { onSuccess: () => router.history.push(link(definition.id)) }),
  };
}
