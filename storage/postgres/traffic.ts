import { PerennialError } from '../../contracts/errors.ts';
import { builtIn } from '../../contracts/serving-configurations.ts';
import {
  marketPrefix,
  type TrafficPeriod,
  type TrafficRecord,
  type TrafficRoute,
  trafficKey,
} from '../../contracts/traffic.ts';
import type { TrafficRepository } from '../../domain/ports/traffic.ts';
import { type Connection, type Executor, iso, json, sql } from './client.ts';
import type { Watcher } from './watcher.ts';

/** The channel on which processes hear that traffic was changed. */
export const trafficChannel = 'perennial_traffic';

/** Routes from before there were configurations have none. */
type TrafficRow = Omit<TrafficRecord, 'at' | 'routes'> & {
  readonly at: Date;
  readonly routes: readonly (Omit<TrafficRoute, 'configuration'> & Partial<TrafficRoute>)[];
};

const toTraffic = ({ at, routes, ...row }: TrafficRow): TrafficRecord => ({
  ...row,
  routes: routes.map(({ version, configuration = builtIn, share }) => ({ version, configuration, share })),
  at: iso(at),
});

/** The configuration by which a model's champion is served, and its successors will be; in a rollout that of the base. */
export async function configurationInForce(tx: Executor, model: string): Promise<number> {
  const [newest] = await tx.$queryRaw<{ configuration: number }[]>`
    select coalesce((routes->0->>'configuration')::int, ${builtIn}) as configuration from traffic
    where model = ${model} and routes <> '[]'::jsonb order by revision desc limit 1`;
  return newest?.configuration ?? builtIn;
}

/**
 * Sets the traffic of a model within a transaction that has locked the model; replicas hear of it when that commits.
 *
 * @param at default: now, once the model is locked, so that times follow revisions.
 * @throws Error, a fault of ours, when there are shares that don't add up to 1; NOT_FOUND when a version or a configuration isn't there: traffic never points to nothing.
 */
export async function writeTraffic(
  tx: Executor,
  {
    model,
    market = '',
    routes,
    rollout,
    by,
    reason,
    at,
  }: Omit<TrafficRecord, 'revision' | 'at'> & { readonly market?: string; readonly at?: Date },
): Promise<void> {
  const key = trafficKey(model, market);
  const sum = routes.reduce((total, { share }) => total + share, 0);
  if ((routes.length > 0 && Math.abs(sum - 1) > 1e-9) || routes.some(({ share }) => !(share >= 0)))
    throw new Error(`Shares of the traffic of ${model} add up to ${sum}, not to 1`);
  const versions = routes.map(({ version }) => version);
  const found = await tx.$queryRaw<{ version: number }[]>`
    select version from model_versions where model = ${model} and version = any(${versions}::int[]) and deleted_at is null`;
  const missing = versions.filter((version) => !found.some((row) => row.version === version));
  if (missing.length > 0)
    throw new PerennialError('NOT_FOUND', `Model "${model}" has no version ${missing.join(', ')}.`, {
      remedy: `\`perennial models ls ${model}\` lists its versions.`,
    });
  const configurations = routes.map(({ configuration }) => configuration).filter((one) => one !== builtIn);
  const known = await tx.$queryRaw<{ configuration: number }[]>`
    select configuration from serving_configurations where model = ${model} and configuration = any(${configurations}::int[])`;
  const unknown = configurations.filter((one) => !known.some(({ configuration }) => configuration === one));
  if (unknown.length > 0)
    throw new PerennialError('NOT_FOUND', `Model "${model}" has no configuration ${unknown.join(', ')}.`, {
      fields: unknown.map((value) => ({ field: 'configuration', value, message: 'is none of the model' })),
      remedy: `\`perennial configurations ls ${model}\` lists its configurations.`,
    });
  await tx.$queryRaw`
    with changed as (
      insert into traffic (model, revision, routes, rollout, by, reason, at)
      select ${key}, coalesce(max(revision), 0) + 1, ${json(routes)}::jsonb,
        ${rollout && json(rollout)}::jsonb, ${by}, ${reason},
        coalesce(${at ?? null}::timestamptz, clock_timestamp())
      from traffic where model = ${key}
    )
    select pg_notify(${trafficChannel}, '')::text`;
}

/** Takes their own versions from all markets of a model, within a transaction that has locked it: then the champion makes their lists. */
export async function clearMarkets(
  tx: Executor,
  { model, by, reason }: Pick<TrafficRecord, 'model' | 'by' | 'reason'>,
): Promise<void> {
  const prefix = marketPrefix(model);
  const routed = await tx.$queryRaw<{ market: string }[]>`
    select substr(model, ${prefix.length + 1}::int) as market from (
      select distinct on (model) model, routes from traffic where starts_with(model, ${prefix}) order by model, revision desc) newest
    where routes <> '[]'::jsonb`;
  for (const { market } of routed)
    await writeTraffic(tx, { ...{ model, market, by, reason }, routes: [], rollout: null });
}

export function trafficRepository({ pool }: Connection, watcher: Watcher): TrafficRepository {
  return {
    async list() {
      const { rows } = await pool.query<TrafficRow>(
        sql`select distinct on (model) * from traffic order by model, revision desc`,
      );
      return rows.map(toTraffic);
    },
    async history(model, { limit, before = 2_147_483_647 }) {
      const { rows } = await pool.query<TrafficRow>(
        sql`select * from traffic where model = ${model} and revision < ${before} order by revision desc limit ${limit}`,
      );
      return rows.map(toTraffic);
    },
    async periods(model, from, to) {
      const { rows } = await pool.query<TrafficRow & { readonly until: Date | null }>(sql`
        select * from (
          select *, lead(at) over (order by revision) as until from traffic where model = ${model}) states
        where (until is null or until > ${from}::timestamptz) and (at < ${to}::timestamptz or at <= ${from}::timestamptz)
        order by revision desc`);
      return rows.map(({ until, ...row }): TrafficPeriod => ({ ...toTraffic(row), until: iso(until) }));
    },
    watch: (wake) => watcher.watch('', wake),
  };
}
