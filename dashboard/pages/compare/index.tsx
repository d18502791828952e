import type { ReactElement } from 'react';
import type { ComparedStep, Difference, RunComparison } from '../../../contracts/run-insight.ts';
import type { RunBrief } from '../../../contracts/runs.ts';
import { useAddress, useSetAddress } from '../../app/address.ts';
import { links } from '../../app/links.ts';
import { number } from '../../format/number.ts';
import { duration, useNow } from '../../format/time.ts';
import { Button } from '../../ui/button.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { Go } from '../../ui/go.tsx';
import { Loaded, Page, Section } from '../../ui/page.tsx';
import { Empty } from '../../ui/states.tsx';
import { Status } from '../../ui/status.tsx';
import { Elapsed, Time } from '../../ui/time.tsx';
import { useComparison } from '../runs/queries.ts';
import { triggerOf } from '../runs/sentences.ts';
import styles from './compare.module.css';
import { answerOf, byDifference, differencesOf, metricNames, type StepPair, shown } from './comparison.ts';

/** Two runs side by side: what differs, first. */
export default function Compare(): ReactElement {
  const [first = '', second = ''] = (useAddress()['runs'] ?? '').split(',');
  const setAddress = useSetAddress();
  const now = useNow();
  const query = useComparison(first, second);
  const crumbs = <Go href={links.runs}>Runs</Go>;
  if (first === '' || second === '')
    return (
      <Page title="Compare two runs" crumbs={crumbs}>
        <Empty title="Two runs side by side">
          Choose two runs in the list of runs and press Compare, or open a run and compare it with the one before.
        </Empty>
      </Page>
    );
  return (
    <Page
      title="Compare two runs"
      crumbs={crumbs}
      answer={query.data ? answerOf(query.data, now) : undefined}
      actions={<Button onClick={() => setAddress({ runs: `${second},${first}` }, true)}>Swap A and B</Button>}
    >
      <Loaded query={query} lines={12}>
        {(comparison) => <Shown comparison={comparison} />}
      </Loaded>
    </Page>
  );
}

function Shown({ comparison }: { readonly comparison: RunComparison }): ReactElement {
  const { a, b, params, plan, steps } = comparison;
  const longest = Math.max(1, ...steps.flatMap((step) => [step.a?.seconds ?? 0, step.b?.seconds ?? 0]));
  const metrics = steps.flatMap((step) =>
    step.a && step.b
      ? metricNames(step.a, step.b).map((name) => ({
          ...{ step: step.step, name, a: step.a?.metrics[name], b: step.b?.metrics[name] },
        }))
      : [],
  );
  return (
    <>
      <div className={styles.heads}>
        <Head letter="A" run={a} />
        <Head letter="B" run={b} />
      </div>
      {params.length > 0 ? (
        <Section title="Parameters">
          <Differences label="Parameters that differ" differences={params} />
        </Section>
      ) : null}
      {plan.same ? null : (
        <Section title="Plan and code">
          {[
            ...plan.onlyA.map((step) => `${step} is only in A`),
            ...plan.onlyB.map((step) => `${step} is only in B`),
          ].map((text) => (
            <p key={text}>{text}.</p>
          ))}
          {plan.changed.map(({ step, differences }) => (
            <div key={step}>
              <h3>{step}</h3>
              <Differences label={`What differs in the plan of ${step}`} differences={differences} />
            </div>
          ))}
          {plan.changed.length + plan.onlyA.length + plan.onlyB.length === 0 ? (
            <p>The plans have another form, but their steps are the same.</p>
          ) : null}
        </Section>
      )}
      <Section title="Steps" aside="those that differ most first">
        <DataTable
          label="Steps of both runs"
          columns={stepColumns(a, b, longest)}
          rows={byDifference(steps)}
          rowId={({ step }) => step}
        />
      </Section>
      {metrics.length > 0 ? (
        <Section title="Metrics">
          <DataTable
            label="Metrics of both runs"
            rows={[...metrics].sort((one, other) => Number(one.a === one.b) - Number(other.a === other.b))}
            rowId={({ step, name }) => `${step} ${name}`}
            columns={metricColumns}
          />
        </Section>
      ) : null}
      {steps.map(({ step, output }) =>
        output && output.length > 0 ? (
          <details key={step}>
            <summary>{`What differs in the output of ${step} (${output.length})`}</summary>
            <Differences label={`What differs in the output of ${step}`} differences={output} />
          </details>
        ) : null,
      )}
    </>
  );
}

function Head({ letter, run }: { readonly letter: string; readonly run: RunBrief }): ReactElement {
  return (
    <section className={styles.head} aria-label={`Run ${letter}`}>
      <h2>
        <span className={styles.letter}>{letter}</span>
        <Go href={links.run(run.id)}>
          {run.pipeline}
          {run.partition ? ` ${run.partition}` : ''}
        </Go>
      </h2>
      <p>
        <Status status={run.status} /> <span className="muted">in</span>{' '}
        <Elapsed from={run.startedAt} to={run.finishedAt} />
      </p>
      <p className="muted">
        {triggerOf(run).text}, <Time at={run.createdAt} />
      </p>
      {run.error ? <p className={styles.error}>{run.error.message}</p> : null}
    </section>
  );
}

function Differences({
  label,
  differences,
}: {
  readonly label: string;
  readonly differences: readonly Difference[];
}): ReactElement {
  const columns: readonly Column<Difference>[] = [
    { id: 'path', header: 'Name', cell: ({ path }) => <code>{path}</code> },
    { id: 'a', header: 'A', cell: (one) => <span className={styles.value}>{shown(one, 'a')}</span> },
    { id: 'b', header: 'B', cell: (one) => <span className={styles.value}>{shown(one, 'b')}</span> },
  ];
  return <DataTable label={label} columns={columns} rows={differences} rowId={({ path }) => path} />;
}

function stepColumns(a: RunBrief, b: RunBrief, longest: number): readonly Column<StepPair>[] {
  const side = (letter: 'a' | 'b', run: RunBrief): Column<StepPair> => ({
    id: letter,
    header: letter.toUpperCase(),
    cell: (pair) => <StepCell step={pair[letter]} href={`${links.run(run.id)}?step=${pair.step}`} longest={longest} />,
  });
  return [
    { id: 'step', header: 'Step', cell: ({ step }) => step },
    side('a', a),
    side('b', b),
    { id: 'change', header: 'Change', numeric: true, wide: true, cell: ({ a, b }) => change(a, b) },
    { id: 'differs', header: 'Differs in', wide: true, cell: (pair) => differencesOf(pair).join(', ') || '–' },
  ];
}

function change(a: ComparedStep | null, b: ComparedStep | null): string {
  if (a?.seconds == null || b?.seconds == null) return '–';
  const seconds = b.seconds - a.seconds;
  if (Math.abs(seconds) < 0.05) return 'same';
  return `${seconds > 0 ? '+' : '−'}${duration(Math.abs(seconds) * 1000)}`;
}

interface StepCellProps {
  readonly step: ComparedStep | null;
  readonly href: string;
  readonly longest: number;
}

function StepCell({ step, href, longest }: StepCellProps): ReactElement {
  if (!step) return <span className="muted">not there</span>;
  const items = Object.entries(step.items)
    .map(([status, n]) => `${n} ${status}`)
    .join(', ');
  return (
    <span className={styles.step}>
      <Go href={href} title={items || undefined}>
        <Status status={step.status} bare />
        <span className="hidden">{`Step of that run, ${items}`}</span>
        <span className={styles.took}>
          {step.cached ? 'cached' : step.seconds === null ? '–' : duration(step.seconds * 1000)}
        </span>
      </Go>
      <span className={styles.bar} aria-hidden>
        <span style={{ width: `${((step.seconds ?? 0) / longest) * 100}%` }} />
      </span>
    </span>
  );
}

interface MetricRow {
  readonly step: string;
  readonly name: string;
  readonly a: number | undefined;
  readonly b: number | undefined;
}

const metricColumns: readonly Column<MetricRow>[] = [
  { id: 'step', header: 'Step', cell: ({ step }) => step },
  { id: 'name', header: 'Metric', cell: ({ name }) => name },
  { id: 'a', header: 'A', numeric: true, cell: ({ a }) => (a === undefined ? '–' : number(a)) },
  { id: 'b', header: 'B', numeric: true, cell: ({ b }) => (b === undefined ? '–' : number(b)) },
  {
    id: 'change',
    header: 'Change',
    numeric: true,
    wide: true,
    cell: ({ a, b }) =>
      a === undefined || b === undefined ? '–' : a === b ? 'same' : `${b > a ? '+' : '−'}${number(Math.abs(b - a))}`,
  },
];
