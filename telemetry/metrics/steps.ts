import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

export interface StepNames {
  readonly pipeline: string;
  readonly step: string;
}

/** Told of the attempts of steps that a worker makes. */
export interface StepObserver {
  /** @param waited seconds since the attempt could begin. */
  started(names: StepNames, waited: number): void;
  ended(
    names: StepNames,
    end: { readonly outcome: 'succeeded' | 'failed' | 'cancelled'; readonly seconds: number; readonly code?: string },
  ): void;
}

const names = ['pipeline', 'step'] as const;

/** Metrics of the steps that a worker runs. Cardinality is that of the steps of the pipelines: items of mapped steps count together. */
export function stepMetrics(registry: Registry): StepObserver {
  const registers = [registry];
  const attempts = new Counter({
    name: 'perennial_step_attempts_total',
    help: 'Attempts of steps that have ended, by outcome: succeeded, failed or cancelled.',
    labelNames: [...names, 'outcome'],
    registers,
  });
  const failures = new Counter({
    name: 'perennial_step_failures_total',
    help: 'Attempts of steps that failed, by the code of the error.',
    labelNames: [...names, 'code'],
    registers,
  });
  const duration = new Histogram({
    name: 'perennial_step_duration_seconds',
    help: 'Time of an attempt of a step.',
    labelNames: names,
    buckets: [0.01, 0.05, 0.1, 0.5, 1, 5, 15, 60, 300, 1800, 7200, 28800],
    registers,
  });
  const wait = new Histogram({
    name: 'perennial_step_queue_wait_seconds',
    help: 'Time that an attempt of a step waited for a worker.',
    labelNames: ['pipeline'],
    buckets: [0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 15, 60, 300, 1800],
    registers,
  });
  const running = new Gauge({
    name: 'perennial_steps_running',
    help: 'Attempts of steps under way in this worker.',
    labelNames: ['pipeline'],
    registers,
  });
  return {
    started({ pipeline }, waited) {
      wait.observe({ pipeline }, waited);
      running.inc({ pipeline });
    },
    ended({ pipeline, step }, { outcome, seconds, code }) {
      running.dec({ pipeline });
      attempts.inc({ pipeline, step, outcome });
      duration.observe({ pipeline, step }, seconds);
      if (outcome === 'failed') failures.inc({ pipeline, step, code: code ?? 'INTERNAL' });
    },
  };
}
