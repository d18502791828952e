import { type AnyPipeline, createRunStarter } from '../domain/dag/index.ts';
import { sweepDeadlines } from '../domain/deadlines/index.ts';
import {
  createDelivery,
  createDispatcher,
  createRuleHandler,
  forgetOldEvents,
  startFromWebhook,
  sweepRules,
} from '../domain/events/index.ts';
import { createRetrainingHandler } from '../domain/monitoring/retraining/index.ts';
import { createDurationHandler } from '../domain/monitoring/series/index.ts';
import type { Clock } from '../domain/ports/clock.ts';
import type { DatasetSource } from '../domain/ports/datasets.ts';
import type { DeliveryQueue } from '../domain/ports/events.ts';
import type { RetrainingLauncher } from '../domain/ports/retraining.ts';
import type { RunLauncher } from '../domain/ports/runs.ts';
import type { ScheduleRepository } from '../domain/ports/schedules.ts';
import type { Database } from '../storage/postgres/index.ts';
import type { EventObserver } from '../telemetry/metrics/events.ts';
import { startDatasetWatches } from './dataset-watches.ts';
import { observedDelivery, observedRules } from './observed-events.ts';
import { startSweep } from './sweep.ts';

export interface EventRoleDeps
  extends Pick<
    Database,
    'runs' | 'events' | 'webhookSources' | 'watches' | 'rules' | 'deadlines' | 'metricSeries' | 'policies' | 'decisions'
  > {
  readonly pipelines: ReadonlyMap<string, AnyPipeline>;
  readonly launcher: RunLauncher;
  readonly retrainingLauncher: RetrainingLauncher;
  /** Says when a run that has a deadline will begin. */
  readonly schedules: Pick<ScheduleRepository, 'list'>;
  /** Opens the place of a watch. */
  readonly datasets: (location: string) => DatasetSource;
  /** Closed with the role. */
  readonly queue: DeliveryQueue;
  readonly clock: Clock;
  /** Told of deliveries and evaluations; default: nobody is. */
  readonly observer?: EventObserver;
  /** Days for which what happened is kept; default 90. */
  readonly eventDays?: number;
  /** Days for which figures over time are kept, by whole months; default 400. */
  readonly metricDays?: number;
  /** Told what went wrong and is tried again. */
  readonly report: (message: string, error: unknown) => void;
}

/** Events worked on at a time; most of it is waiting for servers. */
const concurrency = 16;
/** Between two looks at the deadlines of rules and at actions left undone. */
const rulesEveryMs = 1_000;
/** Between two looks at the deadlines of pipelines. */
const deadlinesEveryMs = 10_000;

/** Between two looks at what is old enough to be forgotten. */
const forgetEveryMs = 3_600_000;
const dayMs = 86_400_000;

/** Starts what the role `events` does; `stop` lets what is under way end. */
export async function startEventRole(deps: EventRoleDeps): Promise<{ stop(): Promise<void> }> {
  const { events, queue, report, eventDays = 90, metricDays = 400 } = deps;
  const starter = createRunStarter(deps);
  const ruleDeps = { rules: observedRules(deps.rules, deps.observer), starter, clock: deps.clock };
  const deliver = createDelivery({
    ledger: events,
    around: (event, work) => observedDelivery(event, deps.observer, work),
    handlers: [
      startFromWebhook({ sources: deps.webhookSources, starter }),
      createRuleHandler(ruleDeps),
      createRetrainingHandler({ ...deps, launcher: deps.retrainingLauncher }),
      createDurationHandler(deps.metricSeries),
    ],
  });
  queue.consume(deliver, concurrency);
  const dispatcher = await createDispatcher({
    ledger: events,
    queue,
    report: (error) => report('events could not be queued; trying again', error),
  });
  const watches = startDatasetWatches(deps);
  const rules = startSweep({
    everyMs: rulesEveryMs,
    work: () => sweepRules(ruleDeps),
    failed: (error) => report('the deadlines of rules could not be looked at; trying again', error),
  });
  const deadlines = startSweep({
    everyMs: deadlinesEveryMs,
    work: () => sweepDeadlines(deps, deps.clock.now()),
    failed: (error) => report('the deadlines of pipelines could not be looked at; trying again', error),
  });
  const forgetting = startSweep({
    everyMs: forgetEveryMs,
    work: () => forgetOldEvents(deps, deps.clock.now(), eventDays * dayMs),
    failed: (error) => report('old events could not be removed; trying again', error),
  });
  const turningOver = startSweep({
    everyMs: forgetEveryMs,
    work: () => deps.metricSeries.turnOver(deps.clock.now(), metricDays * dayMs),
    failed: (error) => report('old figures could not be removed; trying again', error),
  });
  return {
    async stop() {
      const sweeps = [rules, deadlines, forgetting, turningOver];
      await Promise.all([dispatcher.stop(), watches.stop(), ...sweeps.map((sweep) => sweep.stop())]);
      await queue.close();
    },
  };
}
