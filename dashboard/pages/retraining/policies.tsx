import { useRouter } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import type { DefinitionChange } from '../../../contracts/definitions.ts';
import type { PolicyRecord } from '../../../contracts/policies.ts';
import { links } from '../../app/links.ts';
import { list } from '../../format/number.ts';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { Go } from '../../ui/go.tsx';
import { Loaded, Section } from '../../ui/page.tsx';
import { Empty } from '../../ui/states.tsx';
import { Badge, Mark } from '../../ui/status.tsx';
import { Time } from '../../ui/time.tsx';
import { usePolicies, usePolicyDiff } from './queries.ts';

const columns: readonly Column<PolicyRecord>[] = [
  {
    id: 'id',
    header: 'Policy',
    cell: ({ id, definition }) => (
      <>
        <Go href={links.policy(id)}>{id}</Go>
        <div className="muted">{definition.title}</div>
      </>
    ),
    sort: ({ id }) => id,
  },
  {
    id: 'model',
    header: 'Decides about',
    cell: ({ definition }) => definition.model,
    sort: ({ definition }) => definition.model,
  },
  {
    id: 'pipeline',
    header: 'Trains by',
    cell: ({ definition }) => <Go href={links.pipeline(definition.pipeline)}>{definition.pipeline}</Go>,
  },
  {
    id: 'kpis',
    header: 'Watches',
    cell: ({ definition }) =>
      definition.kpis.length === 0 ? 'no key figure' : list(definition.kpis.map(({ name }) => name)),
  },
  {
    id: 'mode',
    header: 'Mode',
    cell: ({ definition }) => (definition.mode === 'act' ? 'acts' : <Badge tone="paused">only observes</Badge>),
  },
  { id: 'origin', header: 'From', cell: ({ origin }) => (origin === 'code' ? 'code' : 'people') },
  { id: 'version', header: 'Version', numeric: true, cell: ({ version }) => version, sort: ({ version }) => version },
  { id: 'at', header: 'Changed', cell: ({ at }) => <Time at={at} />, sort: ({ at }) => at },
];

const kindWords: Readonly<Record<DefinitionChange['kind'], string>> = {
  add: 'added',
  change: 'changed',
  remove: 'removed',
  conflict: 'left out: one of this id was made by hand',
};

const changeColumns: readonly Column<DefinitionChange>[] = [
  { id: 'id', header: 'Policy', cell: ({ id }) => id },
  { id: 'kind', header: 'Would be', cell: ({ kind }) => kindWords[kind] },
  {
    id: 'fields',
    header: 'What differs',
    grow: true,
    cell: ({ kind, fields }) =>
      kind === 'add'
        ? 'All of it: the code has it, and it does not decide here yet.'
        : fields.map(({ field, from, to }) => `${field}: ${JSON.stringify(from)} → ${JSON.stringify(to)}`).join('; '),
  },
];

/** Policies, and what those of the code would change. */
export function Policies(): ReactElement {
  const router = useRouter();
  const policies = usePolicies();
  const diff = usePolicyDiff();
  return (
    <>
      <Loaded query={policies}>
        {(found) => (
          <DataTable
            label="Policies"
            columns={columns}
            rows={found}
            rowId={({ id }) => id}
            onOpen={({ id }) => router.history.push(links.policy(id))}
            empty={
              <Empty title="No policy yet" command="perennial policies apply policies.yaml">
                A policy says when a model is trained again. Pipelines bring theirs as code, which a control worker
                applies when it starts; others are made from one of them, here or from a file.
              </Empty>
            }
          />
        )}
      </Loaded>
      <Section title="What the code would change" aside="applied when a control worker starts">
        <Loaded query={diff} lines={2}>
          {(changes) =>
            changes.length === 0 ? (
              <Mark tone="ok" word="The policies of the code are as they stand here." />
            ) : (
              <DataTable
                label="What applying the code would change"
                columns={changeColumns}
                rows={changes}
                rowId={({ id, kind }) => `${id} ${kind}`}
              />
            )
          }
        </Loaded>
      </Section>
    </>
  );
}
