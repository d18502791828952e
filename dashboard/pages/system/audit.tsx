import { type ReactElement, useState } from 'react';
import type { AuditPage, AuditRecord } from '../../../contracts/audit.ts';
import { useAddress, useSetAddress } from '../../app/address.ts';
import { addressOf } from '../../app/hits.ts';
import { useMay } from '../../app/session.ts';
import { usePages } from '../../http/pages.ts';
import { Button } from '../../ui/button.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { Field } from '../../ui/field.tsx';
import { Go } from '../../ui/go.tsx';
import { Section } from '../../ui/page.tsx';
import { Paged } from '../../ui/paged.tsx';
import { Empty } from '../../ui/states.tsx';
import { Time } from '../../ui/time.tsx';
import styles from './system.module.css';

/** Actions whose subject has a page, by how they begin. */
const pages = new Set([
  'run',
  'pipeline',
  'schedule',
  'rule',
  'deadline',
  'backfill',
  'glossary',
  'memory',
  'rollout',
  'decision',
  'policy',
  'alert',
]);

const columns: readonly Column<AuditRecord>[] = [
  { id: 'at', header: 'When', cell: ({ at }) => <Time at={at} /> },
  { id: 'actor', header: 'Who', cell: ({ actor }) => actor },
  { id: 'action', header: 'Did', cell: ({ action }) => <code>{action}</code> },
  { id: 'subject', header: 'To', cell: Subject },
  {
    id: 'detail',
    header: 'Detail',
    grow: true,
    wide: true,
    cell: ({ detail }) => (Object.keys(detail).length > 0 ? <code>{JSON.stringify(detail)}</code> : ''),
  },
];

function Subject({ action, subject }: AuditRecord): ReactElement | string {
  const kind = action.split('.')[0] ?? '';
  const short = /^[0-9a-f]{8}-[0-9a-f-]{27}$/.test(subject) ? subject.slice(0, 8) : subject;
  return pages.has(kind) && subject ? <Go href={addressOf({ kind, id: subject })}>{short}</Go> : short;
}

/** Who did what, newest first. */
export function Audit(): ReactElement {
  const { actor = '', action = '', subject = '' } = useAddress();
  const set = useSetAddress();
  const mayRead = useMay('operator');
  const [wanted, setWanted] = useState({ actor, action, subject });
  const entries = usePages<AuditPage>({ key: ['audit'], path: '/v1/audit', query: { actor, action, subject } });
  if (!mayRead) return <p className="muted">The audit log is shown to operators and administrators.</p>;
  const field = (name: keyof typeof wanted, label: string, example: string): ReactElement => (
    <Field bare label={label}>
      <input
        placeholder={example}
        value={wanted[name]}
        onChange={(event) => setWanted({ ...wanted, [name]: event.target.value })}
      />
    </Field>
  );
  return (
    <Section
      title="Who did what"
      aside={
        <form
          className={styles.filter}
          onSubmit={(event) => {
            event.preventDefault();
            set(wanted);
          }}
        >
          {field('actor', 'Who', 'Who')}
          {field('action', 'Did', 'Did, such as run.*')}
          {field('subject', 'To', 'To')}
          <Button type="submit">Filter</Button>
        </form>
      }
    >
      <Paged query={entries}>
        {(all) => (
          <DataTable
            label="Audit log"
            columns={columns}
            rows={all.flatMap((page) => page.entries)}
            rowId={({ id }) => String(id)}
            empty={
              <Empty title="Nobody did such a thing">
                What people and programs change stands here, with who did it.
              </Empty>
            }
          />
        )}
      </Paged>
    </Section>
  );
}
