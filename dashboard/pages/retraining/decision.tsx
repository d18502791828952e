import { useParams } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import type { DecisionReason, DecisionShown } from '../../../contracts/decisions.ts';
import { links } from '../../app/links.ts';
import { duration, exact } from '../../format/time.ts';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { Facts } from '../../ui/facts.tsx';
import { Go } from '../../ui/go.tsx';
import { Columns } from '../../ui/layout.tsx';
import { Loaded, Page, Section } from '../../ui/page.tsx';
import { Empty } from '../../ui/states.tsx';
import { Mark } from '../../ui/status.tsx';
import { Inputs } from './inputs.tsx';
import { Override, Overrides } from './overrides.tsx';
import { useDecision } from './queries.ts';
import styles from './retraining.module.css';
import { Verdict } from './verdict.tsx';
import { figureText, firedFirst, outcomeWords, ruleName, verdictWords } from './words.ts';

const columns: readonly Column<DecisionReason>[] = [
  {
    id: 'fired',
    header: 'Rule',
    cell: ({ rule, fired }) => (
      <Mark tone={fired ? 'late' : 'ok'} word={`${ruleName(rule)} ${fired ? 'fired' : 'did not fire'}`} />
    ),
  },
  { id: 'value', header: 'Value', numeric: true, cell: ({ rule, value }) => figureText(rule, value) },
  { id: 'threshold', header: 'Threshold', numeric: true, cell: ({ rule, threshold }) => figureText(rule, threshold) },
  { id: 'text', header: 'In words', cell: ({ text }) => <div className={styles.wrap}>{text}</div> },
];

/** One decision: what it read, which rules fired and which did not, what people said, and what it led to. */
export default function Decision(): ReactElement {
  const { id = '' } = useParams({ strict: false });
  const query = useDecision(id);
  const { data } = query;
  return (
    <Page
      title={data ? `Decision about ${data.model}` : 'Decision'}
      crumbs={<Go href={links.retraining}>Retraining</Go>}
      answer={data ? <Answer decision={data} /> : undefined}
      actions={data ? <Override decision={data} /> : null}
    >
      <Loaded query={query}>
        {(decision) => (
          <>
            <Overrides decision={decision} />
            <Section title="Rules">
              <DataTable
                label="Rules with their figures"
                columns={columns}
                rows={firedFirst(decision.reasons)}
                rowId={({ rule }) => rule}
                empty={<Empty title="No rule was looked at" />}
              />
            </Section>
            <Columns>
              <Section title="What it led to">
                <Led decision={decision} />
              </Section>
              <Section title="How it came about">
                <About decision={decision} />
              </Section>
            </Columns>
            <Section title="What it read">
              <Inputs inputs={decision.inputs} />
            </Section>
          </>
        )}
      </Loaded>
    </Page>
  );
}

function Answer({ decision }: { readonly decision: DecisionShown }): ReactElement {
  const { verdict, effective, summary } = decision;
  return (
    <>
      <Verdict verdict={effective} />. {summary}
      {effective === verdict ? null : ` The policy had said: ${verdictWords[verdict].toLowerCase()}.`}
    </>
  );
}

function Led({ decision }: { readonly decision: DecisionShown }): ReactElement {
  const { run, version, rollout, outcome, why, error, promotedAt } = decision.links;
  if (!run)
    return (
      <p className="muted">
        {decision.effective === 'keep' ? 'Nothing: the model was kept.' : 'No training has begun for it.'}
      </p>
    );
  return (
    <Facts
      facts={[
        [
          'Run',
          <span key="run">
            <Go href={links.run(run.id)}>{run.id}</Go>, {run.status}
            {run.hours === null ? '' : `, took ${duration(run.hours * 3_600_000)}`}
          </span>,
        ],
        [
          'Version',
          version ? (
            <Go key="version" href={links.version(version.model, version.version)}>
              version {version.version} of {version.model}
            </Go>
          ) : undefined,
        ],
        [
          'Rollout',
          rollout ? (
            <Go key="rollout" href={links.rollout(rollout)}>
              {rollout}
            </Go>
          ) : undefined,
        ],
        ['Outcome', outcome ? `It ${outcomeWords[outcome]}${why ? `: ${why}` : '.'}` : 'not known yet'],
        ['Promoted', promotedAt ? exact(promotedAt) : undefined],
        ['Error', error ? `${error.message} ${error.remedy ?? ''}` : undefined],
      ]}
    />
  );
}

const occasions = {
  daily: 'the daily watch of',
  run: 'the run',
  event: 'the event',
  manual: 'somebody asked:',
} as const;

function About({ decision }: { readonly decision: DecisionShown }): ReactElement {
  const { model, pipeline, policy, occasion, at, day, runId, alert } = decision;
  return (
    <Facts
      facts={[
        ['Decided', exact(at)],
        ['Data before', day],
        ['Occasion', `${occasions[occasion.kind]} ${occasion.ref}`],
        [
          'Model',
          <Go key="model" href={links.model(model)}>
            {model}
          </Go>,
        ],
        [
          'Pipeline',
          <Go key="pipeline" href={links.pipeline(pipeline)}>
            {pipeline}
          </Go>,
        ],
        [
          'Policy',
          <Go key="policy" href={`${links.policy(policy.name)}?tab=versions&version=${policy.version}`}>
            {policy.name}, version {policy.version}
          </Go>,
        ],
        [
          'In the run',
          runId ? (
            <Go key="run" href={links.run(runId)}>
              {runId}
            </Go>
          ) : undefined,
        ],
        ['People were told', alert ? alert.message : undefined],
      ]}
    />
  );
}
