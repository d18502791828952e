import { patch, post, remove } from '../../http/client.ts';
import { queryClient } from '../../http/query-client.ts';
import { toast } from '../../ui/toast.tsx';
import { type Entry, type EntryFields, fieldsOf, type Kind } from './kinds.ts';
import { pathOf } from './queries.ts';

type Given = EntryFields & { readonly reason?: string };

/** What the API takes of a new entry: empty texts are left out. */
const filled = (fields: EntryFields): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== ''));

const refresh = ({ plural }: Kind): Promise<void> => queryClient.invalidateQueries({ queryKey: [plural] });

/** Takes back what was done, and says so. */
function undoing(kind: Kind, work: () => Promise<unknown>, done: string): () => void {
  return () =>
    void work()
      .then(() => refresh(kind))
      .then(() => toast(done))
      .catch((error: unknown) => toast(error instanceof Error ? error.message : String(error), { failed: true }));
}

export async function addEntry(kind: Kind, id: string, { reason, ...fields }: Given): Promise<void> {
  const path = `${pathOf(kind, id)}/${kind.entries}`;
  const added = await post<Record<string, readonly Entry[]>>(path, {
    [kind.entries]: [filled(fields)],
    ...(reason === undefined ? {} : { reason }),
  });
  await refresh(kind);
  const entry = added[kind.entries]?.[0];
  toast(`“${fields.source}” is in the ${kind.one}.`, {
    ...(entry
      ? {
          undo: undoing(
            kind,
            () => remove(`${path}/${entry.id}`, { reason: 'undone' }),
            `“${fields.source}” is out again.`,
          ),
        }
      : {}),
  });
}

export async function editEntry(kind: Kind, id: string, entry: Entry, fields: Given): Promise<void> {
  const path = `${pathOf(kind, id)}/${kind.entries}/${entry.id}`;
  await patch(path, fields);
  await refresh(kind);
  toast(`“${fields.source}” is changed.`, {
    undo: undoing(
      kind,
      () => patch(path, { ...fieldsOf(kind.kind, entry), reason: 'undone' }),
      'The change is undone.',
    ),
  });
}

export async function deleteEntry(kind: Kind, id: string, entry: Entry): Promise<void> {
  const path = `${pathOf(kind, id)}/${kind.entries}`;
  await remove(`${path}/${entry.id}`);
  await refresh(kind);
  const again = { [kind.entries]: [filled(fieldsOf(kind.kind, entry))], reason: 'undone' };
  toast(`“${entry.source}” is deleted; versions before keep it.`, {
    undo: undoing(kind, () => post(path, again), `“${entry.source}” is back.`),
  });
}
