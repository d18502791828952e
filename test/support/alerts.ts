import { randomBytes, randomUUID } from 'node:crypto';
import pg from 'pg';
import { Type } from 'typebox';
import type { Alert, AlertDefinition } from '../../contracts/alerts.ts';
import type { ErrorInfo } from '../../contracts/errors.ts';
import type { NotificationRecord } from '../../contracts/notifications.ts';
import { checkAlert } from '../../domain/alerts/check.ts';
import { builtInAlerts } from '../../domain/alerts/defaults.ts';
import { alertRound } from '../../domain/alerts/index.ts';
import { compilePlan } from '../../domain/dag/compile.ts';
import { type AnyPipeline, definePipeline } from '../../domain/dag/index.ts';
import { type Database, openDatabase } from '../../storage/postgres/index.ts';
import { freshDatabase } from './servers.ts';

const sales = definePipeline({
  id: 'sales',
  title: 'Sales lists',
  description: 'One run per day and market.',
  params: Type.Object({ asOf: Type.String({ default: '' }), market: Type.String({ default: '' }) }),
  partition: { date: 'asOf', key: 'market' },
  steps: { load: { run: () => null }, train: { needs: ['load'], run: () => null } },
  figures: [{ name: 'revenue', label: 'Expected revenue', unit: 'amount' }],
});

/** The conditions of alerts over the records of a database of their own, looked at by two processes. */
export interface AlertBench {
  readonly database: Database;
  readonly pipelines: ReadonlyMap<string, AnyPipeline>;
  /** Makes these the definitions there are; default: the built-in ones. */
  define(...definitions: readonly AlertDefinition[]): Promise<void>;
  /** A run of a day and market that is running its step `load` on a worker. @returns its id. */
  run(date: string, market: string, worker?: string): Promise<string>;
  end(runId: string, status: 'succeeded' | 'failed', error?: ErrorInfo): Promise<void>;
  /** Both processes look, some minutes from now by their clocks; each as if the last round were long ago. */
  look(minutes?: number): Promise<void>;
  open(): Promise<Alert[]>;
  messages(): Promise<NotificationRecord[]>;
  sql(text: string): Promise<void>;
  close(): Promise<void>;
}

export async function alertBench(): Promise<AlertBench> {
  const { url, drop } = await freshDatabase();
  const secretKey = randomBytes(32);
  const databases = await Promise.all([1, 2].map(() => openDatabase({ url, pool: 3, secretKey })));
  const database = databases[0] as Database;
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const pipelines = new Map<string, AnyPipeline>([[sales.id, sales]]);
  const bench: AlertBench = {
    database,
    pipelines,
    async define(...definitions) {
      for (const { id } of await database.alertDefinitions.list()) await database.alertDefinitions.remove(id);
      for (const given of definitions.length > 0 ? definitions : builtInAlerts)
        await database.alertDefinitions.create({ ...checkAlert(given), origin: 'api' }, new Date());
    },
    async run(date, market, worker) {
      const id = randomUUID();
      await database.runs.create({
        id,
        pipeline: sales.id,
        params: { asOf: date, market },
        plan: compilePlan(sales),
        trigger: { kind: 'api', by: 'test' },
        idempotencyKey: null,
        partition: `${date}/${market}`,
      });
      await database.runs.apply(id, [{ kind: 'run', status: 'running' }]);
      if (worker) await database.runs.attemptStarted({ runId: id, stepId: 'load', mapKey: '' }, 1, worker);
      return id;
    },
    async end(runId, status, error) {
      const step = { kind: 'step', stepId: 'load', mapKey: '', status, ...(error ? { error } : {}) } as const;
      await database.runs.apply(runId, [step, { kind: 'run', status, ...(error ? { error } : {}) }]);
    },
    async look(minutes = 0) {
      await Promise.all(
        databases.map((one, n) =>
          alertRound({
            ...one,
            facts: one.alertFacts,
            pipelines,
            alerts: { ...one.alerts, claimRound: () => Promise.resolve(true) },
            clock: { now: () => new Date(Date.now() + minutes * 60_000) },
            by: `process ${n}`,
          }),
        ),
      );
    },
    open: async () => (await database.alerts.open()).map(({ alert }) => alert),
    messages: async () => (await database.notifications.list({ limit: 500 })).reverse(),
    async sql(text) {
      await client.query(text);
    },
    async close() {
      await client.end();
      await Promise.all(databases.map((one) => one.close()));
      await drop();
    },
  };
  return bench;
}
