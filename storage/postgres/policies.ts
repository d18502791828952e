import type pg from 'pg';
import { PerennialError } from '../../contracts/errors.ts';
import type { PolicyRecord, PolicyVersion } from '../../contracts/policies.ts';
import type { NewPolicy, PolicyRepository } from '../../domain/ports/retraining.ts';
import { type Connection, iso, json, sql } from './client.ts';
import { transaction } from './transaction.ts';

interface VersionRow extends Omit<PolicyVersion, 'at'> {
  readonly at: Date;
}
interface PolicyRow extends VersionRow {
  readonly created_at: Date;
}

export function policyRepository({ pool }: Connection): PolicyRepository {
  return {
    async list() {
      const { rows } = await pool.query<PolicyRow>(sql`
        select v.*, p.created_at from retraining_policies p
        join retraining_policy_versions v on v.policy = p.id and v.version = p.version order by p.id`);
      return rows.map(toPolicy);
    },
    async get(id) {
      const { rows } = await pool.query<PolicyRow>(sql`
        select v.*, p.created_at from retraining_policies p
        join retraining_policy_versions v on v.policy = p.id and v.version = p.version where p.id = ${id}`);
      return rows[0] ? toPolicy(rows[0]) : null;
    },
    create: (policy, now) =>
      transaction(pool, async (tx) => {
        const { id } = policy.definition;
        const { rowCount } = await tx.query(sql`
          insert into retraining_policies (id, version, created_at) values (${id}, 0, ${now}) on conflict (id) do nothing`);
        if (rowCount === 0)
          throw new PerennialError('CONFLICT', `There is a policy "${id}" already.`, {
            remedy: 'Choose another id, or replace it with PUT.',
          });
        return addVersion(tx, policy, now);
      }),
    replace: (policy, now) =>
      transaction(pool, async (tx) => {
        const { id } = policy.definition;
        const { rowCount } = await tx.query(sql`select 1 from retraining_policies where id = ${id} for update`);
        if (rowCount === 0)
          throw new PerennialError('NOT_FOUND', `There is no policy "${id}".`, {
            remedy: 'GET /v1/policies lists them.',
          });
        return addVersion(tx, policy, now);
      }),
    remove: async (id) => ((await pool.query(sql`delete from retraining_policies where id = ${id}`)).rowCount ?? 0) > 0,
    async versions(id) {
      const { rows } = await pool.query<VersionRow>(sql`
        select * from retraining_policy_versions where policy = ${id} order by version desc`);
      return rows.map(toVersion);
    },
    async version(id, version) {
      const { rows } = await pool.query<VersionRow>(sql`
        select * from retraining_policy_versions where policy = ${id} and version = ${version}`);
      return rows[0] ? toVersion(rows[0]) : null;
    },
  };
}

/** The next version; versions of a policy that was removed and made again go on. */
async function addVersion(tx: pg.PoolClient, given: NewPolicy, now: Date): Promise<PolicyRecord> {
  const { definition, hash, origin, by } = given;
  const { rows } = await tx.query<PolicyRow>(sql`
    with added as (
      insert into retraining_policy_versions (policy, version, definition, hash, origin, by, at)
      select ${definition.id}, coalesce(max(version), 0) + 1, ${json(definition)}::jsonb, ${hash}, ${origin}, ${by}, ${now}
      from retraining_policy_versions where policy = ${definition.id}
      returning *
    ), moved as (
      update retraining_policies p set version = added.version from added where p.id = added.policy returning p.created_at
    )
    select added.*, moved.created_at from added, moved`);
  return toPolicy(rows[0] as PolicyRow);
}

function toVersion({ policy, version, definition, hash, origin, by, at }: VersionRow): PolicyVersion {
  return { policy, version, definition, hash, origin, by, at: iso(at) };
}

function toPolicy({ created_at, ...row }: PolicyRow): PolicyRecord {
  return { id: row.policy, ...toVersion(row), createdAt: iso(created_at) };
}
