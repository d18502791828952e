import { createCorrections, type FeedbackDeps, writeFeedbackFigures } from '../domain/feedback/index.ts';
import { dayMs } from '../domain/monitoring/days.ts';
import { watchTranslation } from '../domain/nlp/monitoring/watch.ts';
import { writeOutcomeFigures } from '../domain/outcomes/index.ts';
import type { PredictionLog } from '../domain/ports/feedback.ts';
import type { MetricSeriesRepository } from '../domain/ports/metric-series.ts';
import type { ModelRepository } from '../domain/ports/models.ts';
import type { OutcomeRepository } from '../domain/ports/outcomes.ts';
import { startSweep } from './sweep.ts';

export interface FeedbackRoleDeps extends FeedbackDeps {
  readonly models: Pick<ModelRepository, 'list'>;
  readonly predictionLog: PredictionLog;
  readonly outcomes: OutcomeRepository;
  readonly metricSeries: MetricSeriesRepository;
  /** Days for which answers are logged; 0: none are. */
  readonly predictionDays: number;
  /** Days for which corrections, outcomes and their figures are kept. */
  readonly metricDays: number;
  /** Told what went wrong and is tried again. */
  readonly report: (message: string, error: unknown) => void;
}

/** Between two looks for what can be joined by now: rollouts wait for labels, people for nothing. */
const settleEveryMs = 10_000;
/** Between two looks at days that are over and at what is old. */
const hourMs = 3_600_000;

/** Joins what comes in late to what was predicted, writes its figures, forgets what is old; `stop` lets what is under way end. */
export function startFeedback(deps: FeedbackRoleDeps): { stop(): Promise<void> } {
  const { feedback, outcomes, predictionLog, clock, report, predictionDays, metricDays } = deps;
  const corrections = createCorrections(deps);
  const told = (what: string) => (error: unknown) => report(`${what}; trying again`, error);
  const sweeps = [
    startSweep({
      everyMs: settleEveryMs,
      work: () => corrections.settle(),
      failed: told('corrections could not be joined to their answers'),
    }),
    startSweep({
      everyMs: hourMs,
      work: () => writeFeedbackFigures(deps, clock.now()),
      failed: told('figures of corrections could not be written'),
    }),
    startSweep({
      everyMs: hourMs,
      work: () => writeOutcomeFigures(deps, clock.now()),
      failed: told('figures of outcomes could not be written'),
    }),
    startSweep({
      everyMs: hourMs,
      work: () => watchTranslation(deps, clock.now()),
      failed: told('answers of translation could not be compared with those of before'),
    }),
    startSweep({
      everyMs: hourMs,
      work: async () => {
        const now = clock.now();
        await predictionLog.turnOver(now, predictionDays * dayMs);
        const before = new Date(now.getTime() - metricDays * dayMs);
        await feedback.forget(before);
        await outcomes.forget(before.toISOString().slice(0, 10));
      },
      failed: told('old answers, corrections and outcomes could not be removed'),
    }),
  ];
  return { stop: async () => void (await Promise.all(sweeps.map((sweep) => sweep.stop()))) };
}
