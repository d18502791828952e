import type pg from 'pg';
import { PerennialError } from '../../contracts/errors.ts';
import type { RuleDefinition } from '../../contracts/rules.ts';
import type { NewRule, RuleGroupState, RuleRepository } from '../../domain/ports/rules.ts';
import { type Connection, json, sql } from './client.ts';
import { likePattern } from './like.ts';
import { type EvaluationRow, type RuleRow, readGroup, toEvaluation, toRule } from './rule-rows.ts';
import { transaction } from './transaction.ts';

const uniqueViolation = '23505';

export function ruleRepository({ pool }: Connection): RuleRepository {
  return {
    async list() {
      const { rows } = await pool.query<RuleRow>(sql`select * from rules order by id`);
      return rows.map(toRule);
    },
    async get(id) {
      const { rows } = await pool.query<RuleRow>(sql`select * from rules where id = ${id}`);
      return rows[0] ? toRule(rows[0]) : null;
    },
    create: ({ definition, hash, pipeline, groups }, now) =>
      transaction(pool, async (tx) => {
        const { id } = definition;
        const { rows } = await tx
          .query<RuleRow>(sql`
            insert into rules (id, definition, types, pipeline, hash, created_at, updated_at)
            values (${id}, ${json(definition)}::jsonb, ${typesOf(definition)}, ${pipeline}, ${hash}, ${now}, ${now})
            returning *`)
          .catch((error: unknown) => {
            if ((error as { code?: unknown }).code !== uniqueViolation) throw error;
            throw new PerennialError('CONFLICT', `There is a rule "${id}" already.`, {
              remedy: 'Choose another id, or replace it with PUT.',
            });
          });
        await writeGroups(tx, id, groups, now);
        return toRule(one(rows, id));
      }),
    replace: ({ definition, hash, pipeline, groups }, now) =>
      transaction(pool, async (tx) => {
        const { id } = definition;
        const { rows } = await tx.query<RuleRow>(sql`
          update rules set definition = ${json(definition)}::jsonb, types = ${typesOf(definition)}, hash = ${hash},
            pipeline = ${pipeline}, version = version + 1, updated_at = ${now}
          where id = ${id} returning *`);
        const rule = toRule(one(rows, id));
        await writeGroups(tx, id, groups, now);
        return rule;
      }),
    setEnabled: (id, enabled, note, groups, now) =>
      transaction(pool, async (tx) => {
        const before = await tx.query<RuleRow>(sql`select * from rules where id = ${id} for update`);
        const wasEnabled = one(before.rows, id).enabled;
        const { rows } = await tx.query<RuleRow>(sql`
          update rules set enabled = ${enabled}, note = ${note}, updated_at = ${now} where id = ${id} returning *`);
        if (enabled && !wasEnabled) await writeGroups(tx, id, groups, now);
        return toRule(one(rows, id));
      }),
    remove: async (id) => ((await pool.query(sql`delete from rules where id = ${id}`)).rowCount ?? 0) > 0,
    async groups(id, { key, after, limit }) {
      const { rows } = await pool.query<{ key: string; state: RuleGroupState; updated_at: Date }>(sql`
        select key, state, updated_at from rule_groups
        where rule_id = ${id} and (${key ?? null}::text is null or key = ${key ?? null})
          and (${after ?? null}::text is null or key > ${after ?? null})
        order by key limit ${limit}`);
      return rows.map(readGroup);
    },
    async evaluations(id, { outcome, key, cursor, limit }) {
      const { rows } = await pool.query<EvaluationRow>(sql`
        select * from rule_evaluations
        where rule_id = ${id} and (${readCursor(cursor)}::bigint is null or id < ${readCursor(cursor)})
          and (${outcome ?? null}::text is null or outcome = ${outcome ?? null})
          and (${key ?? null}::text is null or key = ${key ?? null})
        order by id desc limit ${limit + 1}`);
      const page = rows.slice(0, limit);
      return { evaluations: page.map(toEvaluation), next: rows.length > limit ? (page.at(-1)?.id ?? null) : null };
    },
  };
}

/** Types of events as LIKE patterns: `*` stands for any text. */
function typesOf({ patterns }: RuleDefinition): string[] {
  return [...new Set(patterns.map(({ type }) => likePattern(type)))];
}

async function writeGroups(tx: pg.PoolClient, id: string, groups: NewRule['groups'], now: Date): Promise<void> {
  await tx.query(sql`delete from rule_groups where rule_id = ${id}`);
  const rows = groups.map(({ key, state }) => ({ key, state, deadline_at: state.deadlineAt }));
  await tx.query(sql`
    insert into rule_groups (rule_id, key, state, deadline_at, updated_at)
    select ${id}, key, state, deadline_at, ${now}
    from jsonb_to_recordset(${json(rows)}::jsonb) as g (key text, state jsonb, deadline_at timestamptz)`);
}

function one(rows: readonly RuleRow[], id: string): RuleRow {
  if (rows[0]) return rows[0];
  throw new PerennialError('NOT_FOUND', `There is no rule "${id}".`, { remedy: 'GET /v1/rules lists them.' });
}

function readCursor(cursor: string | undefined): string | null {
  if (cursor === undefined || /^\d{1,18}$/.test(cursor)) return cursor ?? null;
  throw new PerennialError('VALIDATION_FAILED', `The cursor "${cursor.slice(0, 100)}" is not one this API gave.`, {
    remedy: 'Use `next` of the page before, with the same filters.',
  });
}
