import { useQuery } from '@tanstack/react-query';
import { type FormEvent, type ReactElement, useState } from 'react';
import type { ApiKey, Role } from '../../../contracts/keys.ts';
import { useMay } from '../../app/session.ts';
import { get, post, remove } from '../../http/client.ts';
import { Button } from '../../ui/button.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { Confirm, Dialog } from '../../ui/dialog.tsx';
import { Field, Select } from '../../ui/field.tsx';
import { Loaded, Section } from '../../ui/page.tsx';
import { CopyText, Failure } from '../../ui/states.tsx';
import { Mark, type Tone } from '../../ui/status.tsx';
import { Time } from '../../ui/time.tsx';
import { useAction } from '../../ui/use-action.ts';
import styles from './system.module.css';

const rights: readonly { value: Role; label: string }[] = [
  { value: 'viewer', label: 'viewer: reads' },
  { value: 'operator', label: 'operator: also starts, cancels and promotes' },
  { value: 'admin', label: 'admin: also manages keys and secrets' },
];

/** Keys of people and programs. */
export function Keys(): ReactElement {
  const mayAdminister = useMay('admin');
  const [making, setMaking] = useState(false);
  const keys = useQuery({
    queryKey: ['keys'],
    enabled: mayAdminister,
    queryFn: ({ signal }) => get<{ readonly keys: readonly ApiKey[] }>('/v1/keys', undefined, signal),
  });
  const revoke = useAction((id: string) => remove(`/v1/keys/${encodeURIComponent(id)}`), {
    topics: ['keys'],
    done: 'The key is revoked.',
  });
  if (!mayAdminister) return <p className="muted">Keys are shown to administrators only.</p>;
  return (
    <Section title="API keys" aside={<Button onClick={() => setMaking(true)}>New key…</Button>}>
      <Loaded query={keys}>
        {({ keys: rows }) => (
          <DataTable
            label="API keys"
            rows={rows}
            rowId={({ id }) => id}
            columns={[
              {
                id: 'state',
                header: 'State',
                card: 'mark',
                cell: (key) => {
                  const [tone, word] = stateOf(key);
                  return <Mark tone={tone} word={word} />;
                },
              },
              { id: 'name', header: 'Name', grow: true, cell: ({ name }) => name, sort: ({ name }) => name },
              { id: 'role', header: 'Role', cell: ({ role }) => role, sort: ({ role }) => role },
              {
                id: 'used',
                header: 'Last used',
                cell: ({ lastUsedAt }) => (lastUsedAt ? <Time at={lastUsedAt} /> : 'never'),
                sort: ({ lastUsedAt }) => lastUsedAt,
              },
              {
                id: 'expires',
                header: 'Expires',
                wide: true,
                cell: ({ expiresAt }) => (expiresAt ? <Time at={expiresAt} /> : 'never'),
              },
              {
                id: 'revoke',
                header: '',
                cell: (key) =>
                  key.revokedAt ? null : (
                    <Confirm
                      title={`Revoke the key “${key.name}”?`}
                      consequence="Whoever uses it is refused within a second, and its sessions end. This cannot be undone."
                      action="Revoke"
                      danger
                      onConfirm={() => revoke.mutateAsync(key.id)}
                    >
                      <Button small>Revoke…</Button>
                    </Confirm>
                  ),
              },
            ]}
          />
        )}
      </Loaded>
      {making ? <NewKey onClose={() => setMaking(false)} /> : null}
    </Section>
  );
}

function stateOf({ revokedAt, expiresAt }: ApiKey): readonly [Tone, string] {
  if (revokedAt) return ['skipped', 'revoked'];
  return expiresAt && Date.parse(expiresAt) < Date.now() ? ['skipped', 'expired'] : ['ok', 'valid'];
}

function NewKey({ onClose }: { readonly onClose: () => void }): ReactElement {
  const [name, setName] = useState('');
  const [role, setRole] = useState<string>('viewer');
  const [days, setDays] = useState('365');
  const make = useAction(
    () => post<ApiKey & { readonly key: string }>('/v1/keys', { name, role, ...(days ? { days: Number(days) } : {}) }),
    { topics: ['keys'] },
  );
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    make.mutate(undefined);
  };
  return (
    <Dialog title="New key" open onClose={onClose}>
      {make.data ? (
        <div className={styles.secret}>
          <p>This is the only time the key is shown. Give it to whoever is to use it, by a safe way.</p>
          <CopyText text={make.data.key} label="Copy the key" />
          <div>
            <Button kind="primary" onClick={onClose}>
              Done
            </Button>
          </div>
        </div>
      ) : (
        <form className={styles.form} onSubmit={submit}>
          <Field label="Name" hint="Who or what uses it; it stands in the audit log.">
            <input required maxLength={100} value={name} onChange={(event) => setName(event.target.value)} />
          </Field>
          <Select label="Role" value={role} choices={rights} onChange={setRole} />
          <Field label="Days until it expires" hint="Empty: never.">
            <input type="number" min={1} max={3650} value={days} onChange={(event) => setDays(event.target.value)} />
          </Field>
          {make.error ? <Failure error={make.error} /> : null}
          <div>
            <Button kind="primary" type="submit" busy={make.isPending}>
              Make the key
            </Button>
          </div>
        </form>
      )}
    </Dialog>
  );
}
