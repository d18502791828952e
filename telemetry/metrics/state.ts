import { Counter, Gauge, type Registry } from 'prom-client';

/** Gauges of what stands in the stores, by name without prefix; every API shows the same: take the maximum of them. */
export const stateGauges = {
  runs_active: {
    help: 'Runs that have not ended, by status: queued, running or paused.',
    labels: ['pipeline', 'status'],
  },
  run_queue_oldest_age_seconds: { help: 'How long the run that has waited longest is queued.', labels: ['pipeline'] },
  slots_waiting: { help: 'Steps that wait for a slot of a pool.', labels: ['pool'] },
  slots_held: { help: 'Steps that hold a slot of a pool.', labels: ['pool'] },
  events_pending: { help: 'Stored events that have yet to be delivered.', labels: [] },
  event_oldest_pending_age_seconds: { help: 'How long the event that has waited longest is stored.', labels: [] },
  dead_letters: { help: 'Events that were given up and that nobody has replayed or dropped.', labels: [] },
  alerts_open: {
    help: 'Alerts that are not over, by severity and state: firing or acknowledged.',
    labels: ['severity', 'state'],
  },
  notifications_pending: { help: 'Messages that have yet to be sent.', labels: [] },
  notification_oldest_pending_age_seconds: { help: 'How long the message that has waited longest waits.', labels: [] },
  notifications_failed: { help: 'Messages that were given up.', labels: [] },
  rollouts_active: { help: 'Rollouts that have not ended, by status.', labels: ['status'] },
  model_alias_version: { help: 'The version that an alias of a model points at.', labels: ['model', 'alias'] },
  dataset_age_seconds: {
    help: 'Time since data last landed, by watch and market; of the last 30 days.',
    labels: ['dataset', 'market'],
  },
  result_age_seconds: {
    help: 'Time since the day of the newest partition that a pipeline has done, by market.',
    labels: ['pipeline', 'market'],
  },
  workers_alive: { help: 'Processes that gave a sign of life in the last 30 s, by role.', labels: ['role'] },
  queue_jobs: { help: 'Jobs in a queue of BullMQ, by state: waiting, active or delayed.', labels: ['queue', 'state'] },
  task_queue_backlog_tasks: {
    help: 'Tasks that wait in a task queue of Temporal for a worker, by kind: workflow or activity.',
    labels: ['queue', 'kind'],
  },
  task_queue_backlog_age_seconds: {
    help: 'How long the task that has waited longest waits in a task queue of Temporal.',
    labels: ['queue', 'kind'],
  },
  task_queue_pollers: { help: 'Workers that ask a task queue of Temporal for work.', labels: ['queue', 'kind'] },
} as const satisfies Record<string, { readonly help: string; readonly labels: readonly string[] }>;

export interface StateFigure {
  readonly figure: keyof typeof stateGauges;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Where figures come from: a store, by its name. */
export type StateSources = Readonly<Record<string, () => Promise<readonly StateFigure[]>>>;

/** Several scrapes in this time see the same figures: the stores are asked once. */
const keptMs = 5_000;

/**
 * Shows what stands in the stores. A store that does not answer shows nothing and is counted; others are shown.
 *
 * @param now milliseconds, for the age of figures.
 */
export function stateMetrics(registry: Registry, sources: StateSources, now: () => number = Date.now): void {
  const failures = new Counter({
    name: 'perennial_state_read_failures_total',
    help: 'Times that a store could not be asked for the figures shown here.',
    labelNames: ['store'],
    registers: [registry],
  });
  let readAt = Number.NEGATIVE_INFINITY;
  let figures: Promise<readonly StateFigure[]> = Promise.resolve([]);
  const read = async (): Promise<readonly StateFigure[]> => {
    const found = await Promise.all(
      Object.entries(sources).map(([store, ask]) =>
        ask().catch(() => {
          failures.inc({ store });
          return [];
        }),
      ),
    );
    return found.flat();
  };
  const current = (): Promise<readonly StateFigure[]> => {
    if (now() - readAt < keptMs) return figures;
    readAt = now();
    figures = read();
    return figures;
  };
  for (const [figure, { help, labels }] of Object.entries(stateGauges)) {
    new Gauge({
      name: `perennial_${figure}`,
      help,
      labelNames: [...labels],
      registers: [registry],
      async collect() {
        const own = (await current()).filter((one) => one.figure === figure);
        this.reset();
        for (const one of own) this.set(one.labels, one.value);
      },
    });
  }
}
