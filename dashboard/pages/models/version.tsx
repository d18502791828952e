import { useQueryClient } from '@tanstack/react-query';
import { useParams, useRouter } from '@tanstack/react-router';
import { Download, Trash2 } from 'lucide-react';
import type { ReactElement } from 'react';
import type { ModelFile, ModelSignature, ModelVersion } from '../../../contracts/models.ts';
import { useAddress, useSetAddress } from '../../app/address.ts';
import { links } from '../../app/links.ts';
import { useMay } from '../../app/session.ts';
import { bytes, count, list } from '../../format/number.ts';
import { remove } from '../../http/client.ts';
import buttons from '../../ui/button.module.css';
import { Button } from '../../ui/button.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { Confirm } from '../../ui/dialog.tsx';
import { Facts } from '../../ui/facts.tsx';
import { Go } from '../../ui/go.tsx';
import { Columns } from '../../ui/layout.tsx';
import { Loaded, Page, Section } from '../../ui/page.tsx';
import { Empty } from '../../ui/states.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import { Time } from '../../ui/time.tsx';
import { toast } from '../../ui/toast.tsx';
import { Card } from './card.tsx';
import { Deploy } from './deploy.tsx';
import { Description } from './describe.tsx';
import { Lineage } from './lineage.tsx';
import { Promote, useMayMove } from './move-alias.tsx';
import { OwnMetrics } from './own-metrics.tsx';
import { useModels, useReferences, useVersion } from './queries.ts';
import { References } from './references.tsx';
import { versionWith } from './words.ts';

const pathOf = ({ model, version }: ModelVersion): string =>
  `/v1/models/${encodeURIComponent(model)}/versions/${version}`;

const fileColumns: readonly Column<ModelFile>[] = [
  { id: 'name', header: 'File', cell: ({ name }) => name, sort: ({ name }) => name },
  { id: 'size', header: 'Size', numeric: true, cell: (file) => bytes(file.bytes), sort: (file) => file.bytes },
  { id: 'hash', header: 'SHA-256', grow: true, wide: true, cell: ({ sha256 }) => <code title={sha256}>{sha256}</code> },
];

type SignatureRow = ModelSignature['inputs'][number] & { readonly way: string };
const signatureColumns: readonly Column<SignatureRow>[] = [
  { id: 'way', header: 'Direction', cell: ({ way }) => <span className="muted">{way}</span> },
  { id: 'name', header: 'Name', cell: ({ name }) => <code>{name}</code> },
  { id: 'type', header: 'Type', cell: ({ type }) => type },
  { id: 'shape', header: 'Shape', cell: ({ shape }) => shape },
  {
    id: 'means',
    header: 'What it is',
    grow: true,
    wide: true,
    cell: ({ means }) => <span title={means}>{means}</span>,
  },
];

/** One version: what it is, measures and comes from, what needs it, and what can be done with it. */
export default function Version(): ReactElement {
  const { id = '', version = '' } = useParams({ strict: false });
  const { tab = 'overview' } = useAddress();
  const set = useSetAddress();
  const found = useVersion(id, version);
  const { data } = found;
  return (
    <Page
      title={`${id}, version ${data?.version ?? version}`}
      crumbs={
        <>
          <Go href={links.models}>Models</Go> / <Go href={links.model(id)}>{id}</Go>
        </>
      }
      answer={data ? <State version={data} /> : undefined}
      actions={data && !data.deleted ? <Actions version={data} /> : null}
    >
      <Loaded query={found}>
        {(known) => (
          <Tabs
            label="Parts of the version"
            value={tab}
            onChange={(next) => set({ tab: next === 'overview' ? null : next })}
            tabs={[
              { id: 'overview', title: 'Overview', content: () => <Detail version={known} /> },
              { id: 'card', title: 'Model card', content: () => <Card version={known} /> },
            ]}
          />
        )}
      </Loaded>
    </Page>
  );
}

function State({ version }: { readonly version: ModelVersion }): ReactElement {
  const { aliases, createdAt, deleted, facts } = version;
  if (deleted)
    return (
      <>
        It was deleted <Time at={deleted.at} /> by {deleted.by}: {deleted.reason}. Its record stays for the history.
      </>
    );
  const is = aliases.length === 0 ? 'no alias points at it' : `it is ${list(aliases.map((alias) => `the ${alias}`))}`;
  return (
    <>
      {facts?.title ? `${facts.title}: made` : 'Made'} <Time at={createdAt} />; {is}.
    </>
  );
}

function Actions({ version }: { readonly version: ModelVersion }): ReactElement {
  const { model, version: number, aliases } = version;
  const models = useModels(model);
  const refused = useMayMove(models.data, 'champion');
  const mayExport = useMay('operator');
  const before = versionWith('champion', models.data?.models ?? [])?.version ?? null;
  return (
    <>
      {aliases.includes('champion') ? null : (
        <>
          <Deploy model={model} version={number} />
          <Promote
            model={model}
            alias="champion"
            before={before}
            refused={refused}
            version={number}
            label="Promote at once"
          />
        </>
      )}
      {mayExport ? (
        <a className={buttons.button} href={`${pathOf(version)}/export`} download>
          <Download size={16} aria-hidden /> Export
        </a>
      ) : null}
      <Delete version={version} />
    </>
  );
}

function Delete({ version }: { readonly version: ModelVersion }): ReactElement {
  const client = useQueryClient();
  const router = useRouter();
  const may = useMay('admin');
  const references = useReferences(version.model, version.version);
  const needed = references.data?.length ?? 0;
  const why = !may
    ? 'Needs the role admin'
    : needed > 0
      ? `${count(needed)} ${needed === 1 ? 'thing refers' : 'things refer'} to it: see below`
      : undefined;
  return (
    <Confirm
      title={`Delete version ${version.version} of ${version.model}?`}
      consequence="Its files are removed unless another version has them too; they cannot be brought back. Its record stays for the history, and its number is not given again."
      action="Delete it"
      danger
      reason="needed"
      onConfirm={async (reason) => {
        await remove(pathOf(version), { reason });
        await client.invalidateQueries({ queryKey: ['models'] });
        toast(`Version ${version.version} of ${version.model} is deleted.`);
        router.history.push(links.model(version.model));
      }}
    >
      <Button kind="danger" icon={Trash2} disabled={why !== undefined} title={why}>
        Delete
      </Button>
    </Confirm>
  );
}

function Detail({ version }: { readonly version: ModelVersion }): ReactElement {
  const { files, signature, facts } = version;
  const fields: SignatureRow[] = [
    ...(signature?.inputs ?? []).map((field) => ({ ...field, way: 'input' })),
    ...(signature?.outputs ?? []).map((field) => ({ ...field, way: 'output' })),
  ];
  return (
    <>
      <Section title="Metrics">
        <OwnMetrics version={version} />
      </Section>
      <Columns>
        <Description version={version} />
        <Lineage version={version} />
      </Columns>
      {facts ? (
        <Section title="What it is for">
          <Facts
            facts={[
              ['Use', facts.use.join(' ')],
              ['Limits', facts.limits.join(' ')],
            ]}
          />
        </Section>
      ) : null}
      <Section
        title="Files"
        aside={
          <span>
            {files.length} files, {bytes(files.reduce((sum, file) => sum + file.bytes, 0))}
          </span>
        }
      >
        <DataTable label="Files with their sizes" columns={fileColumns} rows={files} rowId={({ name }) => name} />
      </Section>
      <Section title="Signature">
        <DataTable
          label="What goes in and comes out"
          columns={signatureColumns}
          rows={fields}
          rowId={({ way, name }) => `${way} ${name}`}
          empty={
            <Empty title="No signature">The code that made it says nothing about what goes in and comes out.</Empty>
          }
        />
      </Section>
      <References version={version} />
    </>
  );
}
