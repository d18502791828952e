import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { dataOf, observedSeries } from '../../contracts/retraining.ts';
import type { Training } from '../../domain/monitoring/retraining/index.ts';
import type { Database } from '../../storage/postgres/index.ts';

/** A run that trained a model, with its version, as PostgreSQL would have it: what only time would make. @returns its id. */
export async function storeTraining(
  { database, url }: { readonly database: Database; readonly url: string },
  model: string,
  { at, endedAt, outcome, promotedAt, dataEnd, rows }: Omit<Training, 'hours' | 'rules'>,
  params: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const id = randomUUID();
  const status = outcome === null ? 'running' : outcome === 'failed' ? 'failed' : 'succeeded';
  await client.query(
    `insert into runs (id, pipeline, status, params, plan, trigger, created_at, started_at, finished_at)
     values ($1, 'offers', $2, '{}', '{}', '{"kind":"cli","by":"test"}', $3, $3, $4)`,
    [id, status, at, endedAt],
  );
  if (dataEnd !== null) {
    const { version } = await database.models.add({
      model,
      formatVersion: 1,
      artifact: { uri: `artifact:sha256:${id}`, sha256: id, bytes: 1 },
      metrics: {},
      lineage: { asOf: dataEnd, rows: rows ?? 0, params: { ...params } as never },
      runId: id,
    });
    await client.query('update model_versions set created_at = $3 where model = $1 and version = $2', [
      model,
      version,
      endedAt,
    ]);
    await database.models.setAlias(model, promotedAt ? 'champion' : 'challenger', version, 'test', 'as the test says');
    if (promotedAt)
      await client.query(`update model_alias_changes set at = $3 where model = $1 and version = $2`, [
        model,
        version,
        promotedAt,
      ]);
  }
  await client.end();
  return id;
}

type Values = readonly { readonly day: string; readonly value: number }[];

/** Stores series of key figures of a pipeline. */
export async function storeSeries(
  database: Database,
  pipeline: string,
  {
    labelled = [],
    volume = [],
    kpis = {},
  }: { labelled?: Values; volume?: Values; kpis?: Readonly<Record<string, Values>> },
): Promise<void> {
  const save = (of: string, name: string, values: Values) =>
    database.kpis.save(
      values.map(({ day, value }) => ({ pipeline: of, market: '', date: day, name, value, runId: 'test' })),
    );
  await save(dataOf(pipeline), observedSeries.labelled, labelled);
  await save(dataOf(pipeline), observedSeries.volume, volume);
  for (const [name, values] of Object.entries(kpis)) await save(pipeline, name, values);
}
