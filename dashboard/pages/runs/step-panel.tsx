import { X } from 'lucide-react';
import { type ReactElement, type ReactNode, useEffect, useRef } from 'react';
import { errorKinds } from '../../../contracts/errors.ts';
import type { PlanStep } from '../../../contracts/plan.ts';
import type { RunDetail, StepAttemptRecord, StepRecord } from '../../../contracts/runs.ts';
import { links } from '../../app/links.ts';
import { count, number, plural } from '../../format/number.ts';
import { clockSeconds, duration } from '../../format/time.ts';
import { Button } from '../../ui/button.tsx';
import { Facts } from '../../ui/facts.tsx';
import { Go } from '../../ui/go.tsx';
import { JsonView } from '../../ui/json-view.tsx';
import { Prose } from '../../ui/prose.tsx';
import { Status } from '../../ui/status.tsx';
import { Elapsed, Time } from '../../ui/time.tsx';
import { ItemList } from './item-list.tsx';
import { LogView } from './logs.tsx';
import { usePipeline } from './queries.ts';
import styles from './run.module.css';
import { waitText } from './sentences.ts';
import { StepActions } from './step-actions.tsx';

/** As in the style sheet. */
const besidePictures = '(min-width: 1200px)';

export interface StepPanelProps {
  readonly run: RunDetail;
  readonly step: StepRecord;
  readonly plan: PlanStep;
  readonly news: number;
  readonly onSelect: (stepId: string, mapKey?: string) => void;
  readonly onClose: () => void;
}

/** All that is known of a step of a run, or of an item of it. */
export function StepPanel({ run, step, plan, news, onSelect, onClose }: StepPanelProps): ReactElement {
  const isItem = step.mapKey !== '';
  const panel = useRef<HTMLElement>(null);
  const address = `${step.stepId}/${step.mapKey}`;
  // biome-ignore lint/correctness/useExhaustiveDependencies: another step is brought into sight anew
  useEffect(() => {
    // Beside the pictures it is in sight already.
    if (!matchMedia(besidePictures).matches) panel.current?.scrollIntoView({ block: 'start' });
  }, [address]);
  const title = usePipeline(run.pipeline).data?.steps.find(({ id }) => id === step.stepId)?.title;
  const metrics = Object.entries(step.metrics);
  const waits = run.waits.find((wait) => wait.step?.stepId === step.stepId && wait.step.mapKey === step.mapKey);
  return (
    <aside ref={panel} className={styles.panel} aria-label={`Step ${step.stepId}${isItem ? `, ${step.mapKey}` : ''}`}>
      <header className={styles.panelHead}>
        <div>
          {isItem ? (
            <button type="button" className={styles.inline} onClick={() => onSelect(step.stepId)}>
              {step.stepId}
            </button>
          ) : null}
          <h2>{isItem ? step.mapKey : step.stepId}</h2>
          {title && title !== step.stepId && !isItem ? <p className="muted">{title}</p> : null}
          <p className={styles.panelState}>
            <Status status={step.status} />
            {step.startedAt ? (
              <span className="muted">
                <Elapsed from={step.startedAt} to={step.finishedAt} /> · began <Time at={step.startedAt} />
              </span>
            ) : null}
          </p>
        </div>
        <Button kind="quiet" small icon={X} aria-label="Close the step" onClick={onClose} />
      </header>
      <StepActions run={run} step={step} />
      {step.reason ? <p>{reasonText(step)}</p> : null}
      {waits ? <p>Waits: {waitText(waits)}.</p> : null}
      {step.cachedFrom ? (
        <p>
          Did not run: its output is that of{' '}
          <Go href={`${links.run(step.cachedFrom.runId)}?step=${encodeURIComponent(step.cachedFrom.stepId)}`}>
            an earlier run
          </Go>
          , from the step cache.
        </p>
      ) : null}
      {step.error ? <StepError step={step} /> : null}
      {step.progress && step.status === 'running' ? <Progress step={step} /> : null}
      {plan.map && !isItem ? (
        <Part title="Items">
          <ItemList run={run} stepId={step.stepId} onOpen={(mapKey) => onSelect(step.stepId, mapKey)} />
        </Part>
      ) : null}
      {metrics.length > 0 ? (
        <Part title="Metrics">
          <Facts facts={metrics.map(([name, value]) => [name, number(value)])} />
        </Part>
      ) : null}
      {step.attempts.length > 0 ? (
        <Part title={plural(step.attempts.length, 'attempt')}>
          <ol className={styles.attempts}>
            {step.attempts.map((attempt) => (
              <Attempt key={attempt.attempt} attempt={attempt} shown={step.error?.message} />
            ))}
          </ol>
        </Part>
      ) : null}
      <Part title="Output">
        {step.output === null ? (
          <p className="muted">{step.status === 'succeeded' ? 'It gives nothing.' : 'None: it has not succeeded.'}</p>
        ) : (
          <JsonView value={step.output} />
        )}
      </Part>
      <Part title="Inputs">
        <Inputs run={run} plan={plan} onSelect={onSelect} />
      </Part>
      <Part title="Log">
        <LogView
          key={`${step.stepId}/${step.mapKey}`}
          run={run}
          of={{ step: step.stepId, item: step.mapKey }}
          news={news}
        />
      </Part>
      <Part title="How it runs">
        <Facts
          facts={[
            ['Workers', plan.resource],
            ['Memory', plan.memoryMiB > 0 ? `${count(plan.memoryMiB)} MiB` : null],
            ['Attempts', `at most ${plan.retry.maximumAttempts}`],
            ['Longest attempt', duration(plan.timeoutMs)],
            ['Only when', plan.when ? <code key="when">{plan.when}</code> : null],
            ['Over', plan.map ? `${plan.map.over}, ${plan.map.concurrency} at a time` : null],
            ['Pool', plan.pool ? `${plan.pool.name}, ${plan.pool.capacity} at a time` : null],
            ['Code', <code key="code">{plan.codeVersion}</code>],
          ]}
        />
      </Part>
    </aside>
  );
}

function reasonText({ status, reason }: StepRecord): string {
  return status === 'skipped' ? `Skipped: ${reason}.` : `${reason}.`;
}

function Part({ title, children }: { readonly title: string; readonly children: ReactNode }): ReactElement {
  return (
    <section className={styles.part} aria-label={title}>
      <h3>{title}</h3>
      {children}
    </section>
  );
}

function StepError({ step: { error } }: { readonly step: StepRecord }): ReactElement | null {
  if (!error) return null;
  return (
    <div className={styles.failure} role="note">
      <div className={styles.failureText}>
        <h3>{errorKinds[error.code]?.title ?? error.code}</h3>
        <p className={styles.message}>{error.message}</p>
        {error.remedy ? (
          <p>
            <Prose text={error.remedy} />
          </p>
        ) : null}
      </div>
    </div>
  );
}

function Progress({ step: { progress } }: { readonly step: StepRecord }): ReactElement | null {
  if (!progress) return null;
  const { done, total, unit } = progress;
  const text = total > 0 ? `${count(done)} of ${count(total)} ${unit}` : `${count(done)} ${unit}`;
  return (
    <div>
      {text}
      {total > 0 ? <progress className={styles.progress} value={done} max={total} aria-label={text} /> : null}
    </div>
  );
}

interface AttemptProps {
  readonly attempt: StepAttemptRecord;
  /** The error that stands above already. */
  readonly shown: string | undefined;
}

function Attempt({ attempt, shown }: AttemptProps): ReactElement {
  return (
    <li>
      <span className={styles.panelState}>
        <Status status={attempt.status} bare />
        <span>{attempt.attempt}</span>
        <span className="muted">
          {clockSeconds(attempt.startedAt)}, <Elapsed from={attempt.startedAt} to={attempt.finishedAt} />,{' '}
          {attempt.worker}
        </span>
      </span>
      {attempt.error && attempt.error.message !== shown ? (
        <p className={styles.message}>
          <code>{attempt.error.code}</code> {attempt.error.message}
        </p>
      ) : null}
    </li>
  );
}

function Inputs({ run, plan, onSelect }: Pick<StepPanelProps, 'run' | 'plan' | 'onSelect'>): ReactElement {
  const given = plan.needs.map((need) => run.steps.find(({ stepId, mapKey }) => stepId === need && mapKey === ''));
  return (
    <>
      {given.map((need) =>
        need ? (
          <details key={need.stepId} className={styles.input}>
            <summary>
              <Status status={need.status} bare /> {need.stepId}
            </summary>
            <button type="button" className={styles.inline} onClick={() => onSelect(need.stepId)}>
              Open the step
            </button>
            {need.output === null ? <p className="muted">It gave nothing.</p> : <JsonView value={need.output} />}
          </details>
        ) : null,
      )}
      <details className={styles.input}>
        <summary>Parameters of the run</summary>
        <JsonView value={run.params} />
      </details>
    </>
  );
}
