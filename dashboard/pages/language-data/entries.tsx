import { History, Pencil, Plus, Trash2 } from 'lucide-react';
import { type ReactElement, useEffect, useState } from 'react';
import type { ResourceRecord } from '../../../contracts/language-data.ts';
import { useAddress, useSetAddress } from '../../app/address.ts';
import { useDebounced } from '../../app/debounced.ts';
import { useMay } from '../../app/session.ts';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { Paged } from '../../ui/paged.tsx';
import { Empty } from '../../ui/states.tsx';
import { toast } from '../../ui/toast.tsx';
import { languageName } from '../translate/words.ts';
import { addEntry, deleteEntry, editEntry } from './edits.ts';
import { EntryForm } from './entry-form.tsx';
import { EntryHistory } from './entry-history.tsx';
import { detailsOf, type Entry, type Kind } from './kinds.ts';
import styles from './language-data.module.css';
import { useEntries } from './queries.ts';

export interface EntriesProps {
  readonly kind: Kind;
  readonly resource: ResourceRecord;
}

/** The entries: found, added, edited in place, deleted. */
export function Entries({ kind, resource }: EntriesProps): ReactElement {
  const address = useAddress();
  const set = useSetAddress();
  const mayEdit = useMay('operator');
  const [text, setText] = useState(address['q'] ?? '');
  const q = useDebounced(text.trim(), 250);
  useEffect(() => set({ q }, true), [q, set]);
  const [editing, setEditing] = useState<string | null>(null);
  const entries = useEntries(kind, resource.id, q);
  const isNew = editing === 'new';
  return (
    <>
      <div className={styles.tools}>
        <Field bare label={`Find a ${kind.entry}`}>
          <input
            type="search"
            placeholder={`Find in ${languageName(resource.source)} and ${languageName(resource.target)}`}
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        </Field>
        {mayEdit && !isNew ? (
          <Button icon={Plus} onClick={() => setEditing('new')}>
            Add a {kind.entry}
          </Button>
        ) : null}
      </div>
      {isNew ? (
        <div className={styles.frame}>
          <EntryForm
            kind={kind}
            resource={resource}
            onSave={async (fields) => {
              await addEntry(kind, resource.id, fields);
              setEditing(null);
            }}
            onCancel={() => setEditing(null)}
          />
        </div>
      ) : null}
      <Paged query={entries}>
        {(pages) => {
          const rows = pages.flatMap((page) => page[kind.entries] ?? []);
          return rows.length === 0 ? (
            <Empty title={q === '' ? `No ${kind.entry} yet` : `No ${kind.entry} holds “${q}”`}>
              {q === ''
                ? `Add one, or import a file (${kind.formats.join(', ')}).`
                : 'Capitals make no difference; both languages are looked through.'}
            </Empty>
          ) : (
            <div className={styles.frame}>
              <div className={`${styles.entry} ${styles.heads}`} aria-hidden>
                <span>{languageName(resource.source)}</span>
                <span>{languageName(resource.target)}</span>
              </div>
              <ul className={styles.entries} aria-label={kind.entries === 'terms' ? 'Terms' : 'Translations'}>
                {rows.map((entry) => (
                  <li key={entry.id}>
                    {editing === entry.id ? (
                      <EntryForm
                        kind={kind}
                        resource={resource}
                        entry={entry}
                        onSave={async (fields) => {
                          await editEntry(kind, resource.id, entry, fields);
                          setEditing(null);
                        }}
                        onCancel={() => setEditing(null)}
                      />
                    ) : (
                      <Row {...{ kind, resource, entry, mayEdit }} onEdit={() => setEditing(entry.id)} />
                    )}
                  </li>
                ))}
              </ul>
            </div>
          );
        }}
      </Paged>
      {address['entry'] ? (
        <EntryHistory kind={kind} id={resource.id} entry={address['entry']} onClose={() => set({ entry: null })} />
      ) : null}
    </>
  );
}

interface RowProps extends EntriesProps {
  readonly entry: Entry;
  readonly mayEdit: boolean;
  readonly onEdit: () => void;
}

function Row({ kind, resource, entry, mayEdit, onEdit }: RowProps): ReactElement {
  const set = useSetAddress();
  const [busy, setBusy] = useState(false);
  const details = detailsOf(entry);
  const discard = (): void => {
    setBusy(true);
    deleteEntry(kind, resource.id, entry)
      .catch((error: unknown) => toast(error instanceof Error ? error.message : String(error), { failed: true }))
      .finally(() => setBusy(false));
  };
  return (
    <div className={styles.entry}>
      <p lang={resource.source}>{entry.source}</p>
      <div>
        <p lang={resource.target} className={entry.forbidden ? styles.forbidden : undefined}>
          {entry.target}
        </p>
        {details.length > 0 ? <p className={styles.details}>{details.join(' · ')}</p> : null}
      </div>
      <div className={styles.rowActions}>
        <Button
          kind="quiet"
          small
          icon={History}
          aria-label={`History of “${entry.source}”`}
          onClick={() => set({ entry: entry.id })}
        />
        {mayEdit ? (
          <>
            <Button kind="quiet" small icon={Pencil} aria-label={`Edit “${entry.source}”`} onClick={onEdit} />
            <Button
              kind="quiet"
              small
              icon={Trash2}
              aria-label={`Delete “${entry.source}”`}
              busy={busy}
              onClick={discard}
            />
          </>
        ) : null}
      </div>
    </div>
  );
}
