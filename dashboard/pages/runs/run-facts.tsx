import type { ReactElement, ReactNode } from 'react';
import type { RunDetail } from '../../../contracts/runs.ts';
import { links } from '../../app/links.ts';
import { plural } from '../../format/number.ts';
import { duration } from '../../format/time.ts';
import { Facts } from '../../ui/facts.tsx';
import { Go } from '../../ui/go.tsx';
import { JsonView } from '../../ui/json-view.tsx';
import { CopyText } from '../../ui/states.tsx';
import { Elapsed, Time } from '../../ui/time.tsx';
import styles from './run.module.css';
import { triggerOf, waitText } from './sentences.ts';

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }): ReactElement {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** What a run is of, who started it and when, and what it waits for. */
export function RunFacts({ run }: { readonly run: RunDetail }): ReactElement {
  const trigger = triggerOf(run);
  const waited = run.startedAt ? Date.parse(run.startedAt) - Date.parse(run.createdAt) : 0;
  return (
    <dl className={styles.runFacts}>
      <Fact name="Pipeline">
        <Go href={links.pipeline(run.pipeline)}>{run.pipeline}</Go>
      </Fact>
      {run.partition ? (
        <Fact name="Partition">
          <Go href={`${links.runs}?pipeline=${run.pipeline}&partition=${encodeURIComponent(run.partition)}`}>
            {run.partition}
          </Go>
        </Fact>
      ) : null}
      <Fact name="Started by">{trigger.href ? <Go href={trigger.href}>{trigger.text}</Go> : trigger.text}</Fact>
      <Fact name="Created">
        <Time at={run.createdAt} />
      </Fact>
      <Fact name="Took">
        {run.startedAt ? <Elapsed from={run.startedAt} to={run.finishedAt} /> : '–'}
        {waited >= 1000 ? <span className="muted"> after {duration(waited)} of waiting</span> : null}
      </Fact>
      {run.execution > 1 ? (
        <Fact name="Retried">{run.execution - 1 === 1 ? 'once' : `${run.execution - 1} times`}</Fact>
      ) : null}
      {run.parentId ? (
        <Fact name="Goes on from">
          <Go href={links.run(run.parentId)} className="mono">
            {run.parentId.slice(0, 8)}
          </Go>
        </Fact>
      ) : null}
      {run.backfillId ? (
        <Fact name="Backfill">
          <Go href={links.backfill(run.backfillId)} className="mono">
            {run.backfillId.slice(0, 8)}
          </Go>
        </Fact>
      ) : null}
      {run.priority === 3 ? null : <Fact name="Priority">{run.priority}</Fact>}
      {waitsOf(run).map(([name, text]) => (
        <Fact key={name} name={name}>
          {text}
        </Fact>
      ))}
    </dl>
  );
}

/** What a run waits for, and how many items of which steps. */
function waitsOf({ waits }: RunDetail): readonly (readonly [name: string, text: string])[] {
  const steps = [...new Set(waits.flatMap(({ step }) => (step ? [step.stepId] : [])))];
  const own = waits.filter(({ step }) => step === null).map((wait) => ['Waits', waitText(wait)] as const);
  return [
    ...own,
    ...steps.map((stepId) => {
      const [first, ...others] = waits.filter(({ step }) => step?.stepId === stepId);
      const more = others.length > 0 ? `, and ${plural(others.length, 'more item')}` : '';
      return [`${stepId} waits`, `${first ? waitText(first) : ''}${more}`] as const;
    }),
  ];
}

const limitText = ([name, most]: readonly [string, number | null]): string =>
  most === null ? name : `${name}: ${most} at a time`;

/** With what a run was started. */
export function RunParameters({ run }: { readonly run: RunDetail }): ReactElement {
  const limits = Object.entries(run.limits);
  return (
    <>
      <section className={styles.part} aria-label="Parameters">
        <h2>Parameters</h2>
        <JsonView value={run.params} />
      </section>
      <section className={styles.part} aria-label="Plan">
        <h2>Plan</h2>
        <Facts
          facts={[
            ['Run', <CopyText key="run" text={run.id} label="Copy the id" />],
            ['Plan', <CopyText key="plan" text={run.planHash} label="Copy the hash of the plan" />],
            ['Priority', run.priority],
            ['Step cache', run.cache ? 'outputs may be taken from it' : 'not used'],
            ['Limits', limits.length > 0 ? limits.map(limitText).join(', ') : null],
            ['Idempotency key', run.idempotencyKey],
          ]}
        />
        <details>
          <summary>The plan as JSON</summary>
          <JsonView value={JSON.parse(JSON.stringify(run.plan))} open={1} />
        </details>
      </section>
    </>
  );
}
