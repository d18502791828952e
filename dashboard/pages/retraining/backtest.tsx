import { useMutation } from '@tanstack/react-query';
import { type ReactElement, useState } from 'react';
import type { BacktestComparison, BacktestReport } from '../../../contracts/backtests.ts';
import type { PolicyDefinition } from '../../../contracts/policies.ts';
import { links } from '../../app/links.ts';
import { TimeChart } from '../../charts/time-chart.tsx';
import { count, list, number, plural } from '../../format/number.ts';
import { duration } from '../../format/time.ts';
import { ApiError, post } from '../../http/client.ts';
import { Button } from '../../ui/button.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { Field, Select } from '../../ui/field.tsx';
import { Columns, Row } from '../../ui/layout.tsx';
import { Section } from '../../ui/page.tsx';
import { Failure, Loading } from '../../ui/states.tsx';
import { type PolicyWithModels, useKpi } from './queries.ts';
import { verdictWords } from './words.ts';

const dayMs = 86_400_000;
const dateOf = (at: number): string => new Date(at).toISOString().slice(0, 10);

export interface BacktestProps {
  /** The stored policy, which stands beside the edited one. */
  readonly policy: PolicyWithModels;
  /** As the form has it now. */
  readonly edited: PolicyDefinition;
  readonly onFaults: (error: ApiError | null) => void;
}

/** What the edited policy would have decided on the stored past, beside the present one. */
export function Backtest({ policy, edited, onFaults }: BacktestProps): ReactElement {
  const [from, setFrom] = useState(dateOf(Date.now() - 90 * dayMs));
  const [to, setTo] = useState(dateOf(Date.now()));
  const [model, setModel] = useState(policy.models[0] ?? policy.definition.model);
  const test = useMutation({
    mutationFn: () =>
      post<BacktestComparison>('/v1/policies/backtest', { policy: edited, against: policy.id, model, from, to }),
    onMutate: () => onFaults(null),
    onError: (error) => onFaults(error instanceof ApiError && error.fields.length > 0 ? error : null),
  });
  return (
    <Section title="Backtest">
      <p className="muted">
        Each day of the span is decided again, with what was known then: by version {policy.version} as it stands, and
        as it is edited above. Nothing is kept or trained.
      </p>
      <Row>
        <Field label="From">
          <input type="date" value={from} max={to} onChange={(event) => setFrom(event.target.value)} />
        </Field>
        <Field label="To, not included">
          <input type="date" value={to} min={from} onChange={(event) => setTo(event.target.value)} />
        </Field>
        {policy.models.length > 1 ? (
          <Select
            label="Model"
            value={model}
            onChange={setModel}
            choices={policy.models.map((one) => ({ value: one, label: one }))}
          />
        ) : null}
        <Button busy={test.isPending} onClick={() => test.mutate()}>
          Run the backtest
        </Button>
      </Row>
      {test.isPending ? <Loading lines={8} /> : null}
      {test.error ? <Failure error={test.error} /> : null}
      {test.data ? <Compared {...test.data} definition={edited} /> : null}
    </Section>
  );
}

interface Figure {
  readonly name: string;
  readonly of: (report: BacktestReport) => string;
}

const figures: readonly Figure[] = [
  { name: 'Trainings', of: ({ retrainings }) => count(retrainings) },
  { name: 'Challengers', of: ({ challengers }) => count(challengers) },
  { name: 'Cost, training time', of: ({ hours }) => (hours === 0 ? 'none' : duration(hours * 3_600_000)) },
  { name: 'People told of the data', of: ({ alerts }) => count(alerts) },
  { name: 'People asked to decide', of: ({ escalations }) => count(escalations) },
  {
    name: 'Asked for by',
    of: ({ byRule }) =>
      Object.entries(byRule)
        .map(([rule, n]) => `${rule} ${n}`)
        .join(', ') || 'nothing',
  },
  { name: 'Degradations caught', of: ({ caught, degradations }) => `${caught} of ${degradations.length}` },
  { name: 'Degradations missed', of: ({ missed }) => count(missed) },
  { name: 'Trainings without cause', of: ({ falseRetrainings }) => count(falseRetrainings.length) },
  {
    name: 'Days to detection, median',
    of: ({ medianDaysToDetection }) => (medianDaysToDetection === null ? '–' : number(medianDaysToDetection)),
  },
  { name: 'As was decided then', of: ({ agreement: { same, days } }) => `${same} of ${days} days` },
];

/** In a sentence: what the change of the policy changes. */
export function backtestAnswer({ report, against }: BacktestComparison): string {
  const words = ({ retrainings, challengers, hours }: BacktestReport): string =>
    `${plural(retrainings + challengers, 'training')} (${hours === 0 ? 'no time' : duration(hours * 3_600_000)})`;
  if (!against) return `Over ${plural(report.days, 'day')}: ${words(report)}.`;
  const before = new Map(against.decisions.map(({ day, verdict }) => [day, verdict]));
  const after = new Map(report.decisions.map(({ day, verdict }) => [day, verdict]));
  const differing = [...new Set([...before.keys(), ...after.keys()])].filter(
    (day) => before.get(day) !== after.get(day),
  );
  return `Over ${plural(report.days, 'day')} the edited policy asks for ${words(report)}, the present one for ${words(against)}; they differ on ${plural(differing.length, 'day')}.`;
}

function Compared({
  report,
  against,
  definition,
}: BacktestComparison & { readonly definition: PolicyDefinition }): ReactElement {
  const columns: readonly Column<Figure>[] = [
    { id: 'name', header: 'Over the span', cell: ({ name }) => name },
    ...(against ? [{ id: 'now', header: 'Present', numeric: true, cell: ({ of }: Figure) => of(against) }] : []),
    { id: 'edited', header: 'Edited', numeric: true, cell: ({ of }) => of(report) },
  ];
  return (
    <>
      <p role="status">{backtestAnswer({ report, against })}</p>
      <DataTable label="Backtest in figures" columns={columns} rows={figures} rowId={({ name }) => name} />
      <Columns>
        {against ? <Timeline title="Present policy" report={against} definition={definition} /> : null}
        <Timeline title="Edited policy" report={report} definition={definition} />
      </Columns>
    </>
  );
}

/** The decisions of a policy as marks on the key figure that it watches first. */
function Timeline({
  title,
  report,
  definition,
}: {
  readonly title: string;
  readonly report: BacktestReport;
  readonly definition: PolicyDefinition;
}): ReactElement {
  const [watched] = definition.kpis ?? [];
  const kpi = useKpi(definition.pipeline, watched?.name ?? '', watched?.market ?? '');
  const points = (kpi.data ?? []).filter(({ date }) => date >= report.from && date < report.to).toReversed();
  const marks = report.decisions.map(({ day, verdict }) => ({
    at: Date.parse(day),
    label: verdictWords[verdict].toLowerCase(),
  }));
  if (points.length === 0)
    return (
      <div>
        <h3>{title}</h3>
        <p className="muted">
          {watched ? `There are no figures of ${watched.name} in this span.` : 'It watches no key figure.'}{' '}
          {report.decisions.length === 0
            ? 'It would have kept the model every day.'
            : `It would have acted on ${list(report.decisions.map(({ day, verdict }) => `${day} (${verdictWords[verdict].toLowerCase()})`))}.`}
        </p>
      </div>
    );
  return (
    <TimeChart
      title={`${title}: its decisions on ${watched?.name}`}
      times={points.map(({ date }) => Date.parse(date))}
      series={[{ label: watched?.name ?? '', values: points.map(({ value }) => value) }]}
      thresholds={
        watched?.limit === undefined ? [] : [{ value: watched.limit, label: `limit ${number(watched.limit)}` }]
      }
      marks={marks}
      format={number}
      hrefOf={(index) => links.run(points[index]?.runId ?? '')}
    />
  );
}
