import type { ModelReference, ModelVersion } from '../../contracts/models.ts';
import { marketPrefix } from '../../contracts/traffic.ts';
import type { ModelKeep, ModelRetention } from '../../domain/ports/models.ts';
import { type Connection, iso, sql } from './client.ts';
import { modelLock } from './model-aliases.ts';
import { toVersions } from './model-rows.ts';
import { transaction } from './transaction.ts';

/** Which outputs name a file is found by its hash in their text: hashes are long enough for that. */
export function modelRetention({ prisma: db, pool }: Connection): ModelRetention {
  type Query = Pick<typeof pool, 'query'>;

  const references = async (on: Query, version: ModelVersion, keep: ModelKeep): Promise<ModelReference[]> => {
    const { model, version: number } = version;
    const hashes = [...new Set([version.artifact, ...version.files].map(({ sha256 }) => sha256))];
    const aliases = await on.query<{ alias: string }>(sql`
      select alias from model_aliases where model = ${model} and version = ${number} order by alias`);
    // An alias served by a version until the next change of that alias.
    const served = await on.query<{ alias: string; until: Date }>(sql`
      select alias, max(until) as until from (
        select alias, version, lead(at) over (partition by alias order by id) as until
        from model_alias_changes where model = ${model} and alias = any(${keep.protected}::text[])) periods
      where version = ${number} and until > ${keep.since}::timestamptz group by alias order by alias`);
    const runs = await on.query<{ id: string; pipeline: string; finishedAt: Date | null }>(sql`
      select r.id, r.pipeline, r.finished_at as "finishedAt" from runs r
      where (r.finished_at is null or r.finished_at > ${keep.since}::timestamptz) and exists (
        select 1 from step_runs s, unnest(${hashes}::text[]) h(sha256)
        where s.run_id = r.id and strpos(s.output::text, h.sha256) > 0)
      order by r.created_at desc limit 20`);
    const cache = await on.query<{ pipeline: string; stepId: string }>(sql`
      select distinct c.pipeline, c.step_id as "stepId" from step_cache c, unnest(${hashes}::text[]) h(sha256)
      where strpos(c.output::text, h.sha256) > 0 order by 1, 2`);
    const rollouts = await on.query<{ id: string }>(sql`
      select id from rollouts where finished_at is null and model = ${model} and (version = ${number} or base = ${number})`);
    const prefix = marketPrefix(model);
    const markets = await on.query<{ market: string }>(sql`
      select substr(model, ${prefix.length + 1}::int) as market from (
        select distinct on (model) model, routes from traffic where starts_with(model, ${prefix}) order by model, revision desc) newest
      where routes @> jsonb_build_array(jsonb_build_object('version', ${number}::int)) order by market`);
    return [
      ...rollouts.rows.map(({ id }) => ({ kind: 'rollout' as const, id, why: 'the rollout is under way' })),
      ...markets.rows.map(({ market }) => ({
        kind: 'market' as const,
        id: market,
        why: `it makes the lists of ${market}`,
      })),
      ...aliases.rows.map(({ alias }) => ({ kind: 'alias' as const, id: alias, why: `it is the ${alias}` })),
      ...served.rows.map(({ alias, until }) => ({
        kind: 'history' as const,
        id: alias,
        why: `it was the ${alias} until ${iso(until)}`,
      })),
      ...runs.rows.map(({ id, pipeline, finishedAt }) => ({
        kind: 'run' as const,
        id,
        why: `run ${id} of ${pipeline} names its files and ${finishedAt ? `ended on ${iso(finishedAt)}` : 'has not ended'}`,
      })),
      ...cache.rows.map(({ pipeline, stepId }) => ({
        kind: 'cache' as const,
        id: `${pipeline}/${stepId}`,
        why: `the step cache holds an output of ${pipeline}/${stepId} that names its files`,
      })),
    ];
  };

  return {
    references: (version, keep) => references(pool, version, keep),
    remove: (version, keep, { at, by, reason }) =>
      transaction(pool, async (tx) => {
        await tx.query(sql`select pg_advisory_xact_lock(hashtext(${modelLock(version.model)}))`);
        const kept = await references(tx, version, keep);
        if (kept.length === 0)
          await tx.query(sql`
            update model_versions set deleted_at = ${at}::timestamptz, deleted_by = ${by}, deleted_reason = ${reason}
            where model = ${version.model} and version = ${version.version} and deleted_at is null`);
        return kept;
      }),
    madeBefore: async (time) =>
      toVersions(
        db,
        await db.modelVersion.findMany({
          where: { createdAt: { lt: time }, deletedAt: null },
          orderBy: [{ model: 'asc' }, { version: 'asc' }],
        }),
      ),
    withFilesToRemove: async () =>
      toVersions(db, await db.modelVersion.findMany({ where: { deletedAt: { not: null }, filesRemovedAt: null } })),
    async stillNamed(hashes) {
      const { rows } = await pool.query<{ sha256: string }>(sql`
        select h.sha256 from unnest(${hashes}::text[]) h(sha256)
        where exists (select 1 from model_versions v where v.deleted_at is null
            and (v.sha256 = h.sha256 or strpos(v.files::text, h.sha256) > 0))
          or exists (select 1 from step_cache c where strpos(c.output::text, h.sha256) > 0)
          or exists (select 1 from runs r join step_runs s on s.run_id = r.id
            where r.finished_at is null and strpos(s.output::text, h.sha256) > 0)`);
      return rows.map(({ sha256 }) => sha256);
    },
    async filesRemoved({ model, version }, at) {
      await pool.query(sql`
        update model_versions set files_removed_at = ${at}::timestamptz
        where model = ${model} and version = ${version} and deleted_at is not null`);
    },
  };
}
