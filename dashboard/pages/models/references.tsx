import type { ReactElement } from 'react';
import type { ModelReference, ModelVersion } from '../../../contracts/models.ts';
import { links } from '../../app/links.ts';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { Go } from '../../ui/go.tsx';
import { Loaded, Section } from '../../ui/page.tsx';
import { Empty } from '../../ui/states.tsx';
import { useReferences } from './queries.ts';

function hrefOf({ kind, id }: ModelReference): string | null {
  if (kind === 'run') return links.run(id);
  if (kind === 'rollout') return links.rollout(id);
  return kind === 'market' ? links.market(id) : null;
}

const referenceColumns: readonly Column<ModelReference>[] = [
  { id: 'kind', header: 'Kind', cell: ({ kind }) => kind },
  {
    id: 'id',
    header: 'Which',
    cell: (reference) => {
      const href = hrefOf(reference);
      return href ? <Go href={href}>{reference.id}</Go> : reference.id;
    },
  },
  { id: 'why', header: 'Why it needs it', grow: true, cell: ({ why }) => <span title={why}>{why}</span> },
];

/** What needs it, and keeps it from being deleted. */
export function References({ version }: { readonly version: ModelVersion }): ReactElement | null {
  const references = useReferences(version.model, version.deleted ? undefined : version.version);
  if (version.deleted) return null;
  return (
    <Section title="What needs it">
      <Loaded query={references} lines={3}>
        {(found) => (
          <DataTable
            label="What refers to it"
            columns={referenceColumns}
            rows={found}
            rowId={({ kind, id }) => `${kind} ${id}`}
            empty={<Empty title="Nothing refers to it">It could be deleted.</Empty>}
          />
        )}
      </Loaded>
    </Section>
  );
}
