import { useQueryClient } from '@tanstack/react-query';
import { RotateCcw } from 'lucide-react';
import { type ReactElement, useState } from 'react';
import type { AliasHistory, AliasPeriod, ModelList, ModelVersion } from '../../../contracts/models.ts';
import { links } from '../../app/links.ts';
import { useMay } from '../../app/session.ts';
import { post, remove } from '../../http/client.ts';
import { Button } from '../../ui/button.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { Confirm } from '../../ui/dialog.tsx';
import { Field, Select } from '../../ui/field.tsx';
import { Go } from '../../ui/go.tsx';
import { Row } from '../../ui/layout.tsx';
import { Section } from '../../ui/page.tsx';
import { Empty } from '../../ui/states.tsx';
import { Time } from '../../ui/time.tsx';
import { toast } from '../../ui/toast.tsx';
import styles from './models.module.css';

/** Who may move an alias. */
export function useMayMove(list: Pick<ModelList, 'protectedAliases'> | undefined, alias: string): string | null {
  const role = list?.protectedAliases[alias] ?? 'operator';
  return useMay(role) ? null : `Needs the role ${role}`;
}

/** What a move of an alias changes for people. */
function consequenceOf(alias: string, before: number | null, version: number | null): string {
  const from = before === null ? 'It points at nothing now' : `It points at version ${before} now`;
  if (alias !== 'champion')
    return `${from}. Whatever asks for “${alias}” gets ${version === null ? 'nothing' : `version ${version}`} from then on; what the champion answers stays as it is.`;
  return version === null
    ? `${from}. No version answers from then on.`
    : `${from}. Version ${version} answers every caller within two seconds, without gates and steps; no request is lost. It can be undone.`;
}

const aliasPath = (model: string, alias: string): string =>
  `/v1/models/${encodeURIComponent(model)}/aliases/${encodeURIComponent(alias)}`;

interface MoveProps {
  readonly model: string;
  readonly alias: string;
  /** What it points at now. */
  readonly before: number | null;
  /** Why it cannot be moved; null: it can. */
  readonly refused: string | null;
}

function useMove(model: string, alias: string) {
  const client = useQueryClient();
  const refresh = (): Promise<unknown> =>
    Promise.all([
      client.invalidateQueries({ queryKey: ['models'] }),
      client.invalidateQueries({ queryKey: ['traffic'] }),
    ]);
  const set = async (version: number | null, expected: number | null, reason: string): Promise<void> => {
    if (version === null) await remove(aliasPath(model, alias), { reason });
    else await post(aliasPath(model, alias), { version, expected, reason });
    await refresh();
  };
  return {
    set,
    rollBack: async (expected: number | null, reason: string): Promise<void> => {
      await post(`${aliasPath(model, alias)}/rollback`, { expected, reason });
      await refresh();
    },
    /** Says what was done, and offers to take it back. */
    told: (text: string, now: number | null, back: number | null, isRollback = false): void =>
      toast(text, {
        undo: () => {
          const undo = async (): Promise<void> => {
            // What was promoted is rolled back, so that the history says so.
            if (!isRollback && back !== null) {
              await post(`${aliasPath(model, alias)}/rollback`, { expected: now, reason: 'undone in the dashboard' });
              await refresh();
            } else await set(back, now, 'undone in the dashboard');
          };
          undo().then(
            () => toast(`Undone: ${alias} points at ${back === null ? 'nothing' : `version ${back}`} again.`),
            (error: Error) => toast(error.message, { failed: true }),
          );
        },
      }),
  };
}

/** Points an alias back at the version before, once that is confirmed with a reason. */
export function RollBack({
  model,
  alias,
  before,
  refused,
  to,
}: MoveProps & { readonly to: number | null }): ReactElement {
  const { rollBack, told } = useMove(model, alias);
  const why = refused ?? (to === null ? 'There is no version to go back to' : null);
  return (
    <Confirm
      title={`Roll back ${alias} of ${model} to version ${to}?`}
      consequence={consequenceOf(alias, before, to)}
      action={`Roll back to version ${to}`}
      reason="needed"
      onConfirm={async (reason) => {
        await rollBack(before, reason);
        told(`${alias} points at version ${to} again.`, to, before, true);
      }}
    >
      <Button icon={RotateCcw} disabled={why !== null} title={why ?? undefined}>
        Roll back{to === null ? '' : ` to version ${to}`}
      </Button>
    </Confirm>
  );
}

/** Points an alias at a version, once that is confirmed with a reason. */
export function Promote({
  model,
  alias,
  before,
  refused,
  version,
  label = `Point at version ${version}`,
}: MoveProps & { readonly version: number; readonly label?: string }): ReactElement {
  const { set, told } = useMove(model, alias);
  const why = refused ?? (before === version ? 'It points there already' : null);
  return (
    <Confirm
      title={`Make version ${version} the ${alias} of ${model}?`}
      consequence={
        <>
          <p>{consequenceOf(alias, before, version)}</p>
          {alias === 'champion' ? (
            <p>A rollout brings it in step by step, and takes it back by itself if it harms.</p>
          ) : null}
        </>
      }
      action={`Make it the ${alias}`}
      reason="needed"
      onConfirm={async (reason) => {
        await set(version, before, reason);
        told(`Version ${version} is the ${alias} of ${model}.`, version, before);
      }}
    >
      <Button disabled={why !== null} title={why ?? undefined}>
        {label}
      </Button>
    </Confirm>
  );
}

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
  {
    id: 'why',
    header: 'From',
    wide: true,
    cell: ({ runId, decisionId }) =>
      decisionId ? (
        <Go href={links.decision(decisionId)}>decision</Go>
      ) : runId ? (
        <Go href={links.run(runId)}>run</Go>
      ) : (
        ''
      ),
  },
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
      <Section title="What they pointed at">
        <DataTable
          label="Changes of aliases"
          columns={columns(model)}
          rows={history.changes}
          rowId={({ alias, at }) => `${alias} ${at}`}
          empty={<Empty title="No alias has been set yet" />}
        />
      </Section>
    </>
  );
}

function Alias({ alias, model, versions, list, history }: AliasesProps & { readonly alias: string }): ReactElement {
  const current = versions.find(({ aliases }) => aliases.includes(alias));
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
              title={`Take ${alias} away from version ${before}?`}
              consequence={consequenceOf(alias, before, null)}
              action="Take it away"
              danger
              reason="needed"
              onConfirm={async (reason) => {
                await set(null, before, reason);
                told(`${alias} points at nothing.`, null, before, true);
              }}
            >
              <Button kind="danger" disabled={refused !== null} title={refused ?? undefined}>
                Take away
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
    <Section title="Another alias">
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
        <Promote {...{ model, alias: name, before: null, refused: why }} version={Number(wanted)} label="Set it" />
      </Row>
    </Section>
  );
}
