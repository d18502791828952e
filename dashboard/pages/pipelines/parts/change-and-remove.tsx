import { useRouter } from '@tanstack/react-router';
import { Pencil, Trash2 } from 'lucide-react';
import type { ReactElement } from 'react';
import { remove } from '../../../http/client.ts';
import { Button } from '../../../ui/button.tsx';
import { Confirm } from '../../../ui/dialog.tsx';
import { GoButton } from '../../../ui/go-button.tsx';
import { useAction } from '../../../ui/use-action.ts';
import type { DefinitionKind } from '../queries.ts';
import { definitionKinds, listOf, pathOf } from './kinds.ts';

export interface ChangeAndRemoveProps {
  readonly kind: DefinitionKind;
  readonly id: string;
  /** What its removal means, to whom. */
  readonly consequence: string;
}

/** What may be done to a definition that does not stand in the code. */
export function ChangeAndRemove({ kind, id, consequence }: ChangeAndRemoveProps): ReactElement {
  const router = useRouter();
  const removal = useAction(() => remove(pathOf(kind, id)), { topics: [], done: `${id} is removed.` });
  return (
    <>
      <GoButton href={`${definitionKinds[kind].link(id)}?edit=yes`} icon={Pencil}>
        Change
      </GoButton>
      <Confirm
        title={`Remove ${id}?`}
        consequence={consequence}
        action="Remove"
        danger
        onConfirm={async () => {
          await removal.mutateAsync(undefined);
          router.history.push(listOf(kind));
        }}
      >
        <Button icon={Trash2} kind="danger">
          Remove
        </Button>
      </Confirm>
    </>
  );
}
