import { type ReactElement, useState } from 'react';
import type { AliasHistory, AliasPeriod, ModelList, ModelVersion } from '../../../contracts/models.ts';
import { links } from '../../app/links.ts';
import { Button } from '../../ui/button.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { Confirm } from '../../ui/dialog.tsx';
import { Field, Select } from '../../ui/field.tsx';
import { Go } from '../../ui/go.tsx';
import { Row } from '../../ui/layout.tsx';
import { Section } from '../../ui/page.tsx';
import { Empty } from '../../ui/states.tsx';
import { Time } from '../../ui/time.tsx';
import styles from './models.module.css';
import { consequenceOf, Promote, RollBack, useMayMove, useMove } from './move-alias.tsx';
import { versionWith } from './words.ts';

const columnsOf = (model: string, changes: readonly AliasPeriod[]): readonly Column<AliasPeriod>[] => [
  ...columns(model),
  ...(changes.some(({ runId, decisionId }) => runId ?? decisionId) ? [cause] : []),
];

const cause: Column<AliasPeriod> = {
  id: 'why',
  header: 'Caused by',
  wide: true,
  cell: ({ runId, decisionId }) =>
    decisionId ? (
      <Go href={links.decision(decisionId)}>decision</Go>
    ) : runId ? (
      <Go href={links.run(runId)}>run</Go>
    ) : (
      ''
    ),
};

const columns = (model: string): readonly Column<AliasPeriod>[] => [
  { id: 'at', header: 'When', cell: ({ at }) => <Time at={at} />, sort: ({ at }) => at },
  { id: 'alias', header: 'Alias', cell: ({ alias }) => alias, sort: ({ alias }) => alias },
  {
    id: 'version',
    header: 'Points at',
    cell: ({ version }) =>
      version === null ? 'nothing' : <Go href={links.version(model, version)}>version {version}</Go>,
  },
  { id: 'kind', header: 'Change', cell: ({ kind }) => (kind === 'rollback' ? 'rolled back' : kind) },
  { id: 'reason', header: 'Reason', grow: true, cell: ({ reason }) => <span title={reason}>{reason}</span> },
  { id: 'by', header: 'By', cell: ({ by }) => by },
];

interface AliasesProps {
  readonly model: string;
  readonly versions: readonly ModelVersion[];
  readonly list: ModelList;
  readonly history: AliasHistory;
}

/** What aliases point at, moving them, and what they pointed at before. */
export function Aliases({ model, versions, list, history }: AliasesProps): ReactElement {
  const known = versions.flatMap(({ aliases }) => aliases);
  const aliases = [...new Set(['champion', 'challenger', ...Object.keys(history.backTo), ...known])];
  return (
    <>
      {aliases.map((alias) => (
        <Alias key={alias} alias={alias} {...{ model, versions, list, history }} />
      ))}
      <NewAlias {...{ model, versions, list }} taken={aliases} />
      <Section title="History">
        <DataTable
          label="Changes of aliases"
          columns={columnsOf(model, history.changes)}
          rows={history.changes}
          rowId={({ alias, at }) => `${alias} ${at}`}
          empty={<Empty title="No alias has been set yet" />}
        />
      </Section>
    </>
  );
}

function Alias({ alias, model, versions, list, history }: AliasesProps & { readonly alias: string }): ReactElement {
  const current = versionWith(alias, versions);
  const since = history.changes.find((change) => change.alias === alias);
  const refused = useMayMove(list, alias);
  const before = current?.version ?? null;
  const { set, told } = useMove(model, alias);
  const others = versions.filter(({ version }) => version !== before);
  const [wanted, setWanted] = useState('');
  const chosen = Number(wanted || others[0]?.version || 0);
  return (
    <section className={styles.card} aria-label={alias}>
      <div className={styles.head}>
        <div>
          <h2>{alias}</h2>
          {current ? (
            <p>
              <Go href={links.version(model, current.version)}>Version {current.version}</Go>
              {since ? (
                <>
                  , <Time at={since.at} />, by {since.by}: {since.reason}
                </>
              ) : null}
            </p>
          ) : (
            <p className="muted">Points at no version.</p>
          )}
        </div>
        <Row>
          <RollBack {...{ model, alias, before, refused }} to={history.backTo[alias] ?? null} />
          {others.length > 0 ? (
            <>
              <Select
                label={`Version for ${alias}`}
                bare
                value={String(chosen)}
                onChange={setWanted}
                choices={others.map(({ version }) => ({ value: String(version), label: `Version ${version}` }))}
              />
              <Promote {...{ model, alias, before, refused }} version={chosen} />
            </>
          ) : null}
          {current && alias !== 'champion' ? (
            <Confirm
              title={`Remove ${alias} from version ${before}?`}
              consequence={consequenceOf(alias, before, null)}
              action="Remove it"
              danger
              reason="needed"
              onConfirm={async (reason) => {
                await set(null, before, reason);
                told(`${alias} points at nothing.`, null, before, true);
              }}
            >
              <Button kind="danger" disabled={refused !== null} title={refused ?? undefined}>
                Remove
              </Button>
            </Confirm>
          ) : null}
        </Row>
      </div>
      {refused ? <p className="muted">{refused} to be moved.</p> : null}
    </section>
  );
}

function NewAlias({
  model,
  versions,
  list,
  taken,
}: Pick<AliasesProps, 'model' | 'versions' | 'list'> & { readonly taken: readonly string[] }): ReactElement {
  const [name, setName] = useState('');
  const [wanted, setWanted] = useState(String(versions[0]?.version ?? ''));
  const refused = useMayMove(list, name);
  const fault = taken.includes(name)
    ? 'is there already'
    : /^[a-z][a-z0-9-]{0,40}$/.test(name) || name === ''
      ? undefined
      : 'has lower-case letters, digits and dashes, and begins with a letter';
  const why = refused ?? (name === '' ? 'Give it a name' : (fault ?? null));
  return (
    <Section title="New alias">
      <Row>
        <Field label="Name" fault={fault}>
          <input value={name} placeholder="candidate" onChange={(event) => setName(event.target.value)} />
        </Field>
        <Select
          label="Version"
          value={wanted}
          onChange={setWanted}
          choices={versions.map(({ version }) => ({ value: String(version), label: `Version ${version}` }))}
        />
        <Promote
          {...{ model, alias: name, before: null, refused: why }}
          version={Number(wanted)}
          label="Set the alias"
        />
      </Row>
    </Section>
  );
}
