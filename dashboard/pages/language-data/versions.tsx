import type { ReactElement } from 'react';
import type {
  EntryDifference,
  ResourceRecord,
  ResourceVersion,
  VersionDiff,
} from '../../../contracts/language-data.ts';
import { useAddress, useSetAddress } from '../../app/address.ts';
import { plural } from '../../format/number.ts';
import { Button } from '../../ui/button.tsx';
import { ChangedText } from '../../ui/changed-text.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { Select } from '../../ui/field.tsx';
import { Section } from '../../ui/page.tsx';
import { Paged } from '../../ui/paged.tsx';
import { Empty } from '../../ui/states.tsx';
import { Badge } from '../../ui/status.tsx';
import { Time } from '../../ui/time.tsx';
import { detailsOf, type Entry, type Kind } from './kinds.ts';
import styles from './language-data.module.css';
import { pathOf, useDiff, useResourceVersions } from './queries.ts';

const actions: Readonly<Record<string, string>> = {
  import: 'Import of a file',
  add: 'Added',
  edit: 'Edited',
  delete: 'Deleted',
  feedback: 'Correction of a translation',
};

export interface VersionsProps {
  readonly kind: Kind;
  readonly resource: ResourceRecord;
}

/** Who changed what, when and why; and how any two versions differ. */
export function Versions({ kind, resource }: VersionsProps): ReactElement {
  const address = useAddress();
  const set = useSetAddress();
  const versions = useResourceVersions(kind, resource.id);
  const to = Number(address['to'] ?? resource.version);
  const from = Number(address['from'] ?? Math.max(0, to - 1));
  const columns: readonly Column<ResourceVersion>[] = [
    {
      id: 'version',
      header: 'Version',
      cell: ({ version }) => (
        <Button
          kind="link"
          aria-label={`Show what version ${version} changed`}
          onClick={() => set({ to: String(version), from: String(version - 1) })}
        >
          {version}
        </Button>
      ),
    },
    { id: 'action', header: 'Change', cell: ({ action }) => actions[action] ?? action },
    { id: 'reason', header: 'Reason', grow: true, wide: true, cell: ({ reason }) => reason || '–' },
    { id: 'by', header: 'By', cell: ({ by }) => by },
    { id: 'at', header: 'When', cell: ({ at }) => <Time at={at} /> },
    {
      id: 'file',
      header: 'File',
      wide: true,
      cell: ({ version }) => (
        <a
          href={`${pathOf(kind, resource.id)}/export?version=${version}`}
          aria-label={`${kind.formats[0]?.toUpperCase()} of version ${version}`}
          download
        >
          {kind.formats[0]?.toUpperCase()}
        </a>
      ),
    },
  ];
  if (resource.version === 0)
    return (
      <Empty title="No version yet">
        Every import and every edit makes one; any of them can be read, compared and downloaded.
      </Empty>
    );
  return (
    <>
      <Paged query={versions}>
        {(pages) => (
          <DataTable
            label="Versions"
            columns={columns}
            rows={pages.flatMap((page) => page.versions)}
            rowId={({ version }) => String(version)}
          />
        )}
      </Paged>
      <Difference kind={kind} id={resource.id} newest={resource.version} from={from} to={to} />
    </>
  );
}

interface DifferenceProps {
  readonly kind: Kind;
  readonly id: string;
  readonly newest: number;
  readonly from: number;
  readonly to: number;
}

function Difference({ kind, id, newest, from, to }: DifferenceProps): ReactElement {
  const set = useSetAddress();
  const diff = useDiff(kind, id, from, to);
  const numbers = Array.from({ length: newest + 1 }, (_, n) => String(newest - n)).map((value) => ({
    value,
    label: value === '0' ? 'Version 0 (empty)' : `Version ${value}`,
  }));
  return (
    <Section
      title="What changed"
      aside={
        <span className={styles.between}>
          <Select bare label="From" value={String(from)} choices={numbers} onChange={(value) => set({ from: value })} />
          to
          <Select bare label="To" value={String(to)} choices={numbers} onChange={(value) => set({ to: value })} />
        </span>
      }
    >
      <Paged query={diff}>
        {(pages) => (
          <>
            <p>{countsText(kind, pages[0]?.counts)}</p>
            <ul className={styles.differences}>
              {pages
                .flatMap(({ differences }) => differences)
                .map((difference) => (
                  <li key={(difference.after ?? difference.before)?.id}>
                    <OneDifference difference={difference} />
                  </li>
                ))}
            </ul>
          </>
        )}
      </Paged>
    </Section>
  );
}

function countsText(
  { entry }: Kind,
  { added, changed, removed } = { added: 0, changed: 0, removed: 0 } as VersionDiff<Entry>['counts'],
): string {
  if (added + changed + removed === 0) return 'They are the same.';
  return `${plural(added, entry)} added, ${changed} changed, ${removed} removed.`;
}

function OneDifference({ difference }: { readonly difference: EntryDifference<Entry> }): ReactElement {
  const { change, before, after } = difference;
  const details = (entry: Entry | null): string => (entry === null ? '' : detailsOf(entry).join(' · '));
  return (
    <div className={styles.entry}>
      <p>
        <ChangedText before={before?.source ?? ''} after={after?.source ?? ''} />
      </p>
      <div>
        <p>
          <ChangedText before={before?.target ?? ''} after={after?.target ?? ''} />
        </p>
        <p className={styles.details}>
          <ChangedText before={details(before)} after={details(after)} />
        </p>
      </div>
      <div className={styles.rowActions}>
        <Badge>{change}</Badge>
      </div>
    </div>
  );
}
