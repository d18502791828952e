import { type ReactElement, useState } from 'react';
import type { ImportRecord, ResourceRecord } from '../../../contracts/language-data.ts';
import { useAddress, useSetAddress } from '../../app/address.ts';
import { useMay } from '../../app/session.ts';
import { bytes, count, list, plural } from '../../format/number.ts';
import { request } from '../../http/client.ts';
import { Button } from '../../ui/button.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { Confirm } from '../../ui/dialog.tsx';
import { Select } from '../../ui/field.tsx';
import { FileDrop } from '../../ui/file-drop.tsx';
import { Loaded, Section } from '../../ui/page.tsx';
import { Paged } from '../../ui/paged.tsx';
import { Empty, Failure } from '../../ui/states.tsx';
import { Mark } from '../../ui/status.tsx';
import { Time } from '../../ui/time.tsx';
import { useAction } from '../../ui/use-action.ts';
import type { Kind } from './kinds.ts';
import styles from './language-data.module.css';
import { pathOf, useImport, useImports } from './queries.ts';

export interface ImportsProps {
  readonly kind: Kind;
  readonly resource: ResourceRecord;
}

/** What came in by files, and what of them could not be taken. */
export function Imports({ kind, resource }: ImportsProps): ReactElement {
  const address = useAddress();
  const set = useSetAddress();
  const imports = useImports(kind, resource.id);
  const chosen = useImport(kind, resource.id, address['import']);
  const columns: readonly Column<ImportRecord>[] = [
    { id: 'state', header: 'State', card: 'mark', cell: (record) => <ImportState record={record} /> },
    {
      id: 'file',
      header: 'File',
      grow: true,
      cell: ({ id, file, format }) => (
        <Button kind="link" onClick={() => set({ import: id })}>
          {file || format}
        </Button>
      ),
    },
    { id: 'added', header: 'Added', numeric: true, cell: ({ counts }) => count(counts.added) },
    { id: 'updated', header: 'Changed', numeric: true, wide: true, cell: ({ counts }) => count(counts.updated) },
    { id: 'faulty', header: 'Faulty', numeric: true, cell: ({ counts }) => count(counts.faulty) },
    { id: 'version', header: 'Version', numeric: true, wide: true, cell: ({ version }) => version ?? '–' },
    { id: 'by', header: 'By', wide: true, cell: ({ by }) => by },
    { id: 'at', header: 'When', wide: true, cell: ({ startedAt }) => <Time at={startedAt} /> },
  ];
  return (
    <>
      {useMay('operator') ? <ImportFile kind={kind} resource={resource} /> : null}
      {address['import'] ? (
        <Loaded query={chosen} lines={4}>
          {(record) => <Outcome kind={kind} id={resource.id} record={record} />}
        </Loaded>
      ) : null}
      <Paged query={imports}>
        {(pages) => (
          <DataTable
            label="Imports"
            columns={columns}
            rows={pages.flatMap((page) => page.imports)}
            rowId={({ id }) => id}
            onOpen={({ id }) => set({ import: id })}
            empty={
              <Empty
                title="No file has been imported yet"
                command={`perennial ${kind.plural} import ${resource.id} FILE`}
              >
                {`What each file added and changed is listed here, with the lines that could not be taken and why.`}
              </Empty>
            }
          />
        )}
      </Paged>
    </>
  );
}

function ImportFile({ kind, resource }: ImportsProps): ReactElement {
  const set = useSetAddress();
  const [mode, setMode] = useState('merge');
  const [file, setFile] = useState<File | null>(null);
  const send = useAction(
    async (given: File) => {
      setFile(null);
      const record = await request<ImportRecord>('POST', `${pathOf(kind, resource.id)}/imports`, {
        query: { mode, file: given.name },
        // Its name says more than its type, which differs from system to system.
        body: given.slice(0, given.size, ''),
      });
      set({ import: record.id });
    },
    { topics: [kind.plural] },
  );
  return (
    <Section
      title="Import a file"
      aside={
        <Select
          bare
          label="What becomes of what the file does not have"
          value={mode}
          choices={[
            { value: 'merge', label: `Keep ${kind.entry}s that the file does not have` },
            { value: 'replace', label: `Remove ${kind.entry}s that the file does not have` },
          ]}
          onChange={setMode}
        />
      }
    >
      <FileDrop
        label="Choose a file"
        hint={kind.formats.map((format) => format.toUpperCase()).join(', ')}
        accept={kind.accept}
        busy={send.isPending}
        onFiles={([given]) => {
          if (!given) return;
          if (mode === 'replace') setFile(given);
          else send.mutate(given);
        }}
      />
      {file ? (
        <div className={styles.tools}>
          <span>
            {file.name}, {bytes(file.size)}
          </span>
          <Confirm
            danger
            title={`Replace what is in ${resource.name}?`}
            consequence={`What ${file.name} does not have is removed from the ${kind.one} of ${plural(resource.entries, kind.entry)}; translations no longer go by it. Versions before keep it.`}
            action="Replace"
            onConfirm={async () => send.mutate(file)}
          >
            <Button kind="danger" busy={send.isPending}>
              Import it in place of what is there
            </Button>
          </Confirm>
        </div>
      ) : null}
      {send.error ? <Failure error={send.error} /> : null}
    </Section>
  );
}

function ImportState({ record: { status, counts } }: { readonly record: ImportRecord }): ReactElement {
  if (status === 'failed') return <Mark tone="failed" word="Failed" />;
  if (status === 'running') return <Mark tone="running" word="Being read" />;
  return counts.faulty > 0 ? <Mark tone="late" word="Done, with faults" /> : <Mark tone="ok" word="Done" />;
}

/** What became of the rows of a file. */
function Outcome({
  kind,
  id,
  record,
}: {
  readonly kind: Kind;
  readonly id: string;
  readonly record: ImportRecord;
}): ReactElement {
  const { counts, faults } = record;
  const more = counts.faulty - faults.length;
  return (
    <Section title={`Import of ${record.file || record.format}`} aside={<ImportState record={record} />}>
      <p>{outcomeText(record)}</p>
      {record.error ? <p role="alert">{record.error}</p> : null}
      {faults.length > 0 ? (
        <>
          <DataTable
            label="Faults"
            columns={faultColumns}
            rows={faults}
            rowId={({ line, reason }) => `${line} ${reason}`}
          />
          <p>
            <a href={`${pathOf(kind, id)}/imports/${encodeURIComponent(record.id)}/faults`} download>
              Download all {plural(counts.faulty, 'fault')} as a table
            </a>
            {more > 0 ? <span className="muted"> ({count(more)} more than are shown)</span> : null}
          </p>
        </>
      ) : null}
    </Section>
  );
}

const faultColumns: readonly Column<ImportRecord['faults'][number]>[] = [
  { id: 'line', header: 'Line', numeric: true, cell: ({ line }) => count(line), sort: ({ line }) => line },
  { id: 'reason', header: 'What is wrong', grow: true, cell: ({ reason }) => <span title={reason}>{reason}</span> },
];

function outcomeText({ counts, version }: ImportRecord): string {
  const parts = [
    [counts.added, 'added'],
    [counts.updated, 'changed'],
    [counts.unchanged, 'already there'],
    [counts.duplicate, 'given again later in the file'],
    [counts.removed, 'removed'],
    [counts.faulty, 'faulty and left out'],
  ] as const;
  const said = parts.filter(([n]) => n > 0).map(([n, words]) => `${count(n)} ${words}`);
  const made = version === null ? 'Nothing changed, so there is no new version.' : `That is version ${version}.`;
  return `${plural(counts.read, 'row')}${said.length > 0 ? `: ${list(said)}` : ''}. ${made}`;
}
