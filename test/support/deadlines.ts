import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { Type } from 'typebox';
import type { DeadlineDay, DeadlineDefinition, DeadlineEventData } from '../../contracts/deadlines.ts';
import type { CloudEvent } from '../../contracts/events.ts';
import type { JsonObject } from '../../contracts/json.ts';
import type { RunStatus } from '../../contracts/runs.ts';
import { type AnyPipeline, createRunStarter, definePipeline } from '../../domain/dag/index.ts';
import { checkDeadline } from '../../domain/deadlines/check.ts';
import { sweepDeadlines } from '../../domain/deadlines/index.ts';
import type { StoredSchedule } from '../../domain/ports/schedules.ts';
import { type Database, openDatabase } from '../../storage/postgres/index.ts';
import { freshDatabase } from './servers.ts';

const run = () => ({});
/** Divided by day and market; by day; not at all. */
export const markets = definePipeline({
  id: 'markets',
  title: 'Markets',
  description: 'One run per day and market.',
  params: Type.Object({
    asOf: Type.String({ default: '' }),
    market: Type.String({ default: '', pattern: '^[A-Z]*$' }),
  }),
  partition: { date: 'asOf', key: 'market' },
  steps: { work: { run } },
});
export const daily = definePipeline({
  id: 'daily',
  title: 'Daily',
  description: 'One run per day.',
  params: Type.Object({ asOf: Type.String({ default: '' }) }),
  partition: { date: 'asOf' },
  steps: { work: { run } },
});
export const plain = definePipeline({
  id: 'plain',
  title: 'Plain',
  description: 'No partitions.',
  params: Type.Object({}),
  steps: { work: { run } },
});
export const deadlinePipelines: ReadonlyMap<string, AnyPipeline> = new Map(
  [markets, daily, plain].map((pipeline) => [pipeline.id, pipeline]),
);

export interface RunTimes {
  readonly status: RunStatus;
  /** ISO 8601; what is left out has not happened. */
  readonly created: string;
  readonly started?: string;
  readonly paused?: string;
  readonly finished?: string;
}

/** Deadlines on a database of their own, with a clock that the test sets. */
export interface DeadlineBench {
  readonly database: Database;
  add(definition: DeadlineDefinition, at: string): Promise<void>;
  /** A run as it would stand at some time. @returns its id. */
  run(pipeline: string, params: JsonObject, times: RunTimes): Promise<string>;
  set(runId: string, times: RunTimes): Promise<void>;
  /** `count` succeeded runs of past days that took so many minutes. */
  past(pipeline: string, params: JsonObject, minutes: number, count?: number): Promise<void>;
  /** Two sweeps at a time, as two processes would. @returns events raised. */
  sweep(at: string, schedules?: readonly StoredSchedule[]): Promise<number>;
  events(deadline: string): Promise<(Omit<CloudEvent, 'data'> & { readonly data: DeadlineEventData })[]>;
  day(deadline: string, day: string): Promise<DeadlineDay | undefined>;
  /** Ends all connections and begins anew, as a restart does. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

export async function deadlineBench(): Promise<DeadlineBench> {
  const { url, drop } = await freshDatabase();
  const open = () => Promise.all([1, 2].map(() => openDatabase({ url, pool: 3 })));
  let processes = await open();
  const first = (): Database => processes[0] as Database;
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const starter = createRunStarter({
    pipelines: deadlinePipelines,
    runs: { create: (given) => first().runs.create(given) },
    launcher: { start: () => Promise.reject(new Error('runs of this test are not started')) },
  });
  const bench: DeadlineBench = {
    get database() {
      return first();
    },
    async add(definition, at) {
      const checked = checkDeadline(definition, deadlinePipelines);
      await first().deadlines.create({ ...checked, origin: 'api' }, new Date(at));
    },
    async run(pipeline, params, times) {
      const trigger = { kind: 'api', by: 'test' } as const;
      const made = await starter.create({ pipeline, params, trigger, idempotencyKey: randomUUID() });
      await bench.set(made.run.id, times);
      return made.run.id;
    },
    async set(runId, { status, created, started, paused, finished }) {
      await client.query(
        'update runs set status = $2, created_at = $3, started_at = $4, finished_at = $5, pause = $6 where id = $1',
        [runId, status, created, started ?? null, finished ?? null, paused ? { at: paused } : null],
      );
    },
    async past(pipeline, params, minutes, count = 5) {
      for (let i = 1; i <= count; i++) {
        const started = Date.UTC(2026, 0, i, 3);
        const [from, to] = [started, started + minutes * 60_000].map((at) => new Date(at).toISOString());
        const asOf = `2026-01-${String(i).padStart(2, '0')}`;
        const given = pipeline === 'plain' ? params : { ...params, asOf };
        await bench.run(pipeline, given, {
          status: 'succeeded',
          created: from ?? '',
          started: from ?? '',
          finished: to ?? '',
        });
      }
    },
    async sweep(at, schedules = []) {
      const list = () => Promise.resolve([...schedules]);
      const raised = await Promise.all(
        processes.map(({ deadlines }) =>
          sweepDeadlines({ pipelines: deadlinePipelines, deadlines, schedules: { list } }, new Date(at)),
        ),
      );
      return raised.reduce((sum, n) => sum + n, 0);
    },
    events: async (deadline) =>
      (await first().events.list({ source: `/deadlines/${deadline}`, limit: 500 })).map((event) => ({
        ...event,
        data: event.data as unknown as DeadlineEventData,
      })),
    day: async (deadline, day) =>
      (await first().deadlines.days(deadline, { limit: 500 })).find((found) => found.day === day),
    async restart() {
      await Promise.all(processes.map((process) => process.close()));
      processes = await open();
    },
    async close() {
      await Promise.all(processes.map((process) => process.close()));
      await client.end();
      await drop();
    },
  };
  return bench;
}
