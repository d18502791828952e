import type { UseMutationResult } from '@tanstack/react-query';
import { type ReactElement, type ReactNode, useState } from 'react';
import type { LimitState } from '../../../../contracts/limits.ts';
import type { PipelineDetail } from '../../../../contracts/pipelines.ts';
import { useMay } from '../../../app/session.ts';
import { put, remove } from '../../../http/client.ts';
import { Button } from '../../../ui/button.tsx';
import { type Column, DataTable } from '../../../ui/data-table.tsx';
import { Field } from '../../../ui/field.tsx';
import { Loaded } from '../../../ui/page.tsx';
import { Failure } from '../../../ui/states.tsx';
import { useAction } from '../../../ui/use-action.ts';
import filters from '../parts/filters.module.css';
import { useLimits } from '../queries.ts';

const pathOf = (name: string): string => `/v1/limits/${encodeURIComponent(name)}`;

/** How many runs, and slots of pools, may be at work at a time; set at run time it wins over the code. */
export function LimitsTab({ pipeline }: { readonly pipeline: PipelineDetail }): ReactElement {
  const may = useMay('operator');
  const query = useLimits();
  const columns: readonly Column<LimitState>[] = [
    { id: 'name', header: 'Limit', cell: ({ name }) => titleOf(name, pipeline), sort: ({ name }) => name },
    { id: 'active', header: 'At work', numeric: true, cell: ({ active }) => active },
    { id: 'waiting', header: 'Waiting', numeric: true, cell: ({ waiting }) => waiting },
    { id: 'capacity', header: 'At most', numeric: true, cell: ({ capacity }) => capacity ?? 'no limit' },
    {
      id: 'by',
      header: 'Set by',
      wide: true,
      cell: ({ by, capacity }) => by ?? (capacity === null ? <span className="muted">–</span> : 'the code'),
    },
    {
      id: 'set',
      header: 'Change',
      cell: (limit) => (may ? <Change limit={limit} /> : <span className="muted">needs operator</span>),
    },
  ];
  return (
    <>
      <p>
        What does not fit waits its turn: the best priority first, and whoever has waited longer. 0 lets nothing in;
        what is at work goes on.
      </p>
      <Loaded query={query} lines={3}>
        {(limits) => (
          <DataTable label="Limits" columns={columns} rows={rowsOf(pipeline, limits)} rowId={({ name }) => name} />
        )}
      </Loaded>
      {may && keyOf(pipeline) !== null ? <KeyLimit pipeline={pipeline} name={keyOf(pipeline) ?? ''} /> : null}
    </>
  );
}

const keyOf = ({ concurrency, partition }: PipelineDetail): string | null => concurrency?.key ?? partition?.key ?? null;

const titleOf = (name: string, { id }: PipelineDetail): string =>
  name === id
    ? 'all runs'
    : name.startsWith('pool:')
      ? `slots of ${name.slice(5)}`
      : `runs of ${name.slice(id.length + 1)}`;

/** The pipeline's own limit and its pools always, others where they are set or in use. */
function rowsOf({ id, concurrency, steps }: PipelineDetail, limits: readonly LimitState[]): LimitState[] {
  const pools = new Map<string, number>(
    steps.flatMap(({ pool }) => (pool ? [[`pool:${pool.name}`, pool.capacity] as const] : [])),
  );
  const own = limits.filter(({ name }) => name === id || name.startsWith(`${id}/`) || pools.has(name));
  const known = new Set(own.map(({ name }) => name));
  const idle = (name: string, capacity: number | null): LimitState => ({
    name,
    capacity,
    by: null,
    active: 0,
    waiting: 0,
  });
  return [
    ...(known.has(id) ? [] : [idle(id, concurrency?.runs ?? null)]),
    ...own,
    ...[...pools].filter(([name]) => !known.has(name)).map(([name, capacity]) => idle(name, capacity)),
  ];
}

function Change({ limit }: { readonly limit: LimitState }): ReactElement {
  const [text, setText] = useState('');
  const { name, by, capacity } = limit;
  const set = useAction((value: number) => put(pathOf(name), { capacity: value }), {
    ...{ topics: ['limits', 'runs'], done: (value: number) => `${name}: at most ${value} from now on.` },
    undo: () => (by === null || capacity === null ? remove(pathOf(name)) : put(pathOf(name), { capacity })),
  });
  const clear = useAction(() => remove(pathOf(name)), {
    ...{ topics: ['limits', 'runs'], done: `${name}: as the code says.` },
  });
  return (
    <LimitForm
      label={`At most, of ${name}`}
      bare
      text={text}
      onChange={setText}
      action="Set"
      disabled={text === ''}
      setting={set}
      onSubmit={() => set.mutate(Number(text), { onSuccess: () => setText('') })}
      more={
        by === null ? null : (
          <Button kind="quiet" busy={clear.isPending} onClick={() => clear.mutate(undefined)}>
            As the code says
          </Button>
        )
      }
    />
  );
}

/** Sets the limit of one key, such as a market. */
function KeyLimit({ pipeline, name }: { readonly pipeline: PipelineDetail; readonly name: string }): ReactElement {
  const [key, setKey] = useState('');
  const [text, setText] = useState('');
  const set = useAction(
    ({ of, capacity }: { readonly of: string; readonly capacity: number }) =>
      put(pathOf(`${pipeline.id}/${of}`), { capacity }),
    {
      topics: ['limits', 'runs'],
      done: ({ of, capacity }) => `Runs of ${of}: at most ${capacity} from now on.`,
    },
  );
  return (
    <LimitForm
      label="At most"
      text={text}
      onChange={setText}
      action="Set the limit"
      setting={set}
      onSubmit={() => set.mutate({ of: key.trim(), capacity: Number(text) }, { onSuccess: () => setKey('') })}
    >
      <Field label={`Limit the runs of one ${name}`}>
        <input required value={key} onChange={({ target }) => setKey(target.value)} />
      </Field>
    </LimitForm>
  );
}

interface LimitFormProps {
  /** Of the field for the number. */
  readonly label: string;
  readonly bare?: boolean;
  readonly text: string;
  readonly onChange: (text: string) => void;
  /** What the button says. */
  readonly action: string;
  readonly disabled?: boolean;
  readonly setting: Pick<UseMutationResult, 'isPending' | 'error'>;
  readonly onSubmit: () => void;
  /** Behind the button. */
  readonly more?: ReactNode;
  /** Before the number. */
  readonly children?: ReactNode;
}

function LimitForm(props: LimitFormProps): ReactElement {
  const { label, bare, text, onChange, action, disabled, setting, onSubmit, more, children } = props;
  return (
    <form
      className={filters.filters}
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
      }}
    >
      {children}
      <Field label={label} {...(bare ? { bare } : {})}>
        <input
          type="number"
          min={0}
          max={100000}
          required
          style={{ width: 88 }}
          value={text}
          onChange={({ target }) => onChange(target.value)}
        />
      </Field>
      <Button type="submit" busy={setting.isPending} disabled={disabled}>
        {action}
      </Button>
      {more}
      {setting.error ? <Failure error={setting.error} /> : null}
    </form>
  );
}
