import { useQueryClient } from '@tanstack/react-query';
import { RotateCcw } from 'lucide-react';
import type { ReactElement } from 'react';
import type { ModelList } from '../../../contracts/models.ts';
import { useMay } from '../../app/session.ts';
import { post, remove } from '../../http/client.ts';
import { Button } from '../../ui/button.tsx';
import { Confirm } from '../../ui/dialog.tsx';
import { toast } from '../../ui/toast.tsx';

/** Who may move an alias. */
export function useMayMove(list: Pick<ModelList, 'protectedAliases'> | undefined, alias: string): string | null {
  const role = list?.protectedAliases[alias] ?? 'operator';
  return useMay(role) ? null : `Needs the role ${role}`;
}

/** What a move of an alias changes for people. */
export function consequenceOf(alias: string, before: number | null, version: number | null): string {
  const from = before === null ? 'It points at nothing now' : `It points at version ${before} now`;
  if (alias !== 'champion')
    return `${from}. Whatever asks for “${alias}” gets ${version === null ? 'nothing' : `version ${version}`} from then on; what the champion answers stays as it is.`;
  return version === null
    ? `${from}. No version answers from then on.`
    : `${from}. Version ${version} answers every caller within two seconds, without gates and steps; no request is lost. It can be undone.`;
}

const aliasPath = (model: string, alias: string): string =>
  `/v1/models/${encodeURIComponent(model)}/aliases/${encodeURIComponent(alias)}`;

interface MoveProps {
  readonly model: string;
  readonly alias: string;
  /** What it points at now. */
  readonly before: number | null;
  /** Why it cannot be moved; null: it can. */
  readonly refused: string | null;
}

/** Moves an alias, and says so. */
export function useMove(model: string, alias: string) {
  const client = useQueryClient();
  const refresh = (): Promise<unknown> =>
    Promise.all([
      client.invalidateQueries({ queryKey: ['models'] }),
      client.invalidateQueries({ queryKey: ['traffic'] }),
    ]);
  const set = async (version: number | null, expected: number | null, reason: string): Promise<void> => {
    if (version === null) await remove(aliasPath(model, alias), { reason });
    else await post(aliasPath(model, alias), { version, expected, reason });
    await refresh();
  };
  return {
    set,
    rollBack: async (expected: number | null, reason: string): Promise<void> => {
      await post(`${aliasPath(model, alias)}/rollback`, { expected, reason });
      await refresh();
    },
    /** Says what was done, and offers to take it back. */
    told: (text: string, now: number | null, back: number | null, isRollback = false): void =>
      toast(text, {
        undo: () => {
          const undo = async (): Promise<void> => {
            // What was promoted is rolled back, so that the history says so.
            if (!isRollback && back !== null) {
              await post(`${aliasPath(model, alias)}/rollback`, { expected: now, reason: 'undone in the dashboard' });
              await refresh();
            } else await set(back, now, 'undone in the dashboard');
          };
          undo().then(
            () => toast(`Undone: ${alias} points at ${back === null ? 'nothing' : `version ${back}`} again.`),
            (error: Error) => toast(error.message, { failed: true }),
          );
        },
      }),
  };
}

/** Points an alias back at the version before, once that is confirmed with a reason. */
export function RollBack({
  model,
  alias,
  before,
  refused,
  to,
}: MoveProps & { readonly to: number | null }): ReactElement {
  const { rollBack, told } = useMove(model, alias);
  const why = refused ?? (to === null ? 'There is no version to go back to' : null);
  return (
    <Confirm
      title={`Roll back ${alias} of ${model} to version ${to}?`}
      consequence={consequenceOf(alias, before, to)}
      action={`Roll back to version ${to}`}
      reason="needed"
      onConfirm={async (reason) => {
        await rollBack(before, reason);
        told(`${alias} points at version ${to} again.`, to, before, true);
      }}
    >
      <Button icon={RotateCcw} disabled={why !== null} title={why ?? undefined}>
        Roll back{to === null ? '' : ` to version ${to}`}
      </Button>
    </Confirm>
  );
}

/** Points an alias at a version, once that is confirmed with a reason. */
export function Promote({
  model,
  alias,
  before,
  refused,
  version,
  label = `Point at version ${version}`,
}: MoveProps & { readonly version: number; readonly label?: string }): ReactElement {
  const { set, told } = useMove(model, alias);
  const why = refused ?? (before === version ? 'It points there already' : null);
  return (
    <Confirm
      title={`Make version ${version} the ${alias} of ${model}?`}
      consequence={
        <>
          <p>{consequenceOf(alias, before, version)}</p>
          {alias === 'champion' ? (
            <p>A rollout brings it in step by step, and takes it back by itself if it harms.</p>
          ) : null}
        </>
      }
      action={`Make it the ${alias}`}
      reason="needed"
      onConfirm={async (reason) => {
        await set(version, before, reason);
        told(`Version ${version} is the ${alias} of ${model}.`, version, before);
      }}
    >
      <Button disabled={why !== null} title={why ?? undefined}>
        {label}
      </Button>
    </Confirm>
  );
}
