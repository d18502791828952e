import type pg from 'pg';
import type { CloudEvent } from '../../contracts/events.ts';
import {
  type AlertRaisedData,
  type RuleEvaluation,
  type RuleFiredData,
  type RuleRecord,
  ruleDepthExtension,
} from '../../contracts/rules.ts';
import type { NewEvaluation, RuleGroupState, RuleLedger } from '../../domain/ports/rules.ts';
import { activeTraceparent } from '../../telemetry/tracing.ts';
import { type Connection, iso, json, sql } from './client.ts';
import { publishEvents } from './publish-events.ts';
import { type EvaluationRow, type RuleRow, toEvaluation, toRule } from './rule-rows.ts';
import { transaction } from './transaction.ts';

/** Whoever made an evaluation has so long to do its actions before others try. */
const actMs = 10_000;

export function ruleLedger({ pool }: Connection): RuleLedger {
  return {
    async forType(type) {
      const { rows } = await pool.query<RuleRow>(sql`
        select * from rules where enabled and ${type} like any(types) order by id`);
      return rows.map(toRule);
    },
    async depthOf(event) {
      const given = event.extensions?.[ruleDepthExtension];
      if (typeof given === 'number') return given;
      const evaluation = evaluationBehind(event);
      if (evaluation === null) return 0;
      const { rows } = await pool.query<{ depth: number }>(sql`
        select depth from rule_evaluations where id = ${evaluation}`);
      return rows[0]?.depth ?? 0;
    },
    evaluate: (rule, key, subject, look) =>
      transaction(pool, async (tx) => {
        if (!(await holdRule(tx, rule))) return [];
        const sequence = 'event' in subject ? await sequenceOf(tx, subject.event) : null;
        if (sequence !== null) {
          await tx.query(sql`
            insert into rule_groups (rule_id, key, state, updated_at) values (${rule.id}, ${key}, 'null', now())
            on conflict do nothing`);
        }
        const { rows } = await tx.query<{ state: RuleGroupState | null; deadline_at: Date | null }>(sql`
          select state, deadline_at from rule_groups where rule_id = ${rule.id} and key = ${key} for update`);
        const [group] = rows;
        if (!group) return [];
        if ('deadlineAt' in subject && (group.deadline_at === null || iso(group.deadline_at) !== subject.deadlineAt))
          return [];
        if (sequence !== null && (await isKnown(tx, rule.id, sequence, key))) {
          // The rule was changed since, and has gathered nothing for this key.
          if (group.state === null)
            await tx.query(sql`delete from rule_groups where rule_id = ${rule.id} and key = ${key}`);
          return [];
        }
        const { state, evaluations } = look(group.state);
        await tx.query(sql`
          update rule_groups set state = ${json(state)}::jsonb, deadline_at = ${state.deadlineAt}, updated_at = now()
          where rule_id = ${rule.id} and key = ${key}`);
        const stored: RuleEvaluation[] = [];
        for (const evaluation of evaluations) {
          const row = await insert(tx, rule, evaluation, evaluation.event ? sequence : null);
          if (row) stored.push(row);
        }
        await publishEvents(tx, stored.flatMap(eventsOf));
        return stored;
      }),
    note: (rule, evaluation) =>
      transaction(pool, async (tx) => {
        if (!evaluation.event || !(await holdRule(tx, rule))) return;
        await insert(tx, rule, evaluation, await sequenceOf(tx, evaluation.event));
      }),
    async due(now, patience, limit) {
      const { rows } = await pool.query<RuleRow & { key: string; deadline_at: Date }>(sql`
        with waiting as materialized (
          select type, min(time) as since from events where processed_at is null and failed_at is null group by type
        )
        select r.*, g.key, g.deadline_at from rule_groups g join rules r on r.id = g.rule_id
        where g.deadline_at <= ${now} and r.enabled
          and (g.deadline_at < ${patience} or not exists (
            select 1 from waiting w where w.type like any(r.types) and w.since <= g.deadline_at))
        order by g.deadline_at, r.id, g.key limit ${limit}`);
      return rows.map((row) => ({ rule: toRule(row), key: row.key, deadlineAt: iso(row.deadline_at) }));
    },
    async unfinished(now, limit) {
      const { rows } = await pool.query<EvaluationRow>(sql`
        select * from rule_evaluations where retry_at <= ${now} order by retry_at limit ${limit}`);
      return rows.map(toEvaluation);
    },
    async acted(evaluation, actions, retryAt) {
      await pool.query(sql`
        update rule_evaluations set actions = ${json(actions)}::jsonb, retry_at = ${retryAt} where id = ${evaluation}`);
    },
    async forget(before, limit) {
      const { rowCount } = await pool.query(sql`
        delete from rule_evaluations where id in (
          select id from rule_evaluations where at < ${before} and retry_at is null order by at limit ${limit})`);
      return rowCount ?? 0;
    },
    forgetGroups: (rule, before, withEvents) =>
      transaction(pool, async (tx) => {
        // Nobody looks at a group meanwhile: one that is found must still be there when it is held.
        await tx.query(sql`select 1 from rules where id = ${rule} for update`);
        const { rowCount } = await tx.query(sql`
          delete from rule_groups where rule_id = ${rule} and deadline_at is null and updated_at < ${before}
            and (${withEvents} or state->'held' = '{}')`);
        return rowCount ?? 0;
      }),
  };
}

/** Keeps a rule as it is until the transaction ends; false when it is another one by now. */
async function holdRule(tx: pg.PoolClient, { id, version }: RuleRecord): Promise<boolean> {
  const { rows } = await tx.query(sql`
    select 1 from rules where id = ${id} and version = ${version} and enabled for share`);
  return rows.length > 0;
}

async function sequenceOf(tx: pg.PoolClient, { source, id }: Pick<CloudEvent, 'source' | 'id'>): Promise<string> {
  const { rows } = await tx.query<{ sequence: string }>(sql`
    select sequence from events where source = ${source} and id = ${id}`);
  if (rows[0]) return rows[0].sequence;
  throw new Error(`The event ${id} of ${source} is not stored: rules look at stored events only.`);
}

async function isKnown(tx: pg.PoolClient, rule: string, sequence: string, key: string): Promise<boolean> {
  const { rows } = await tx.query(sql`
    select 1 from rule_evaluations where rule_id = ${rule} and event_sequence = ${sequence} and key = ${key}`);
  return rows.length > 0;
}

/** Null when there is an evaluation of the same event or deadline already. */
async function insert(
  tx: pg.PoolClient,
  { id, version }: RuleRecord,
  e: NewEvaluation,
  sequence: string | null,
): Promise<RuleEvaluation | null> {
  const isOpen = e.actions.some(({ status }) => status === 'pending');
  const retryAt = isOpen ? new Date(Date.parse(e.at) + actMs) : null;
  const { rows } = await tx.query<EvaluationRow>(sql`
    insert into rule_evaluations (rule_id, version, key, event_sequence, event, deadline_at, at, outcome, why, conditions,
      events, actions, depth, retry_at, traceparent)
    values (${id}, ${version}, ${e.key}, ${sequence}, ${e.event && json(e.event)}::jsonb, ${e.deadlineAt}, ${e.at},
      ${e.outcome}, ${e.why}, ${json(e.conditions)}::jsonb, ${json(e.events)}::jsonb, ${json(e.actions)}::jsonb,
      ${e.depth}, ${retryAt}, ${activeTraceparent() ?? null})
    on conflict do nothing returning *`);
  return rows[0] ? toEvaluation(rows[0]) : null;
}

/** The events that an evaluation raises. */
function eventsOf({ id, rule, key, at, outcome, why, actions, depth }: RuleEvaluation): CloudEvent[] {
  if (outcome !== 'fired' && outcome !== 'deadline') return [];
  const common = {
    specversion: '1.0',
    source: `/rules/${rule}`,
    time: at,
    datacontenttype: 'application/json',
    extensions: { [ruleDepthExtension]: depth },
    ...(key === '' ? {} : { subject: key }),
  } as const;
  const fired: RuleFiredData = { rule, key, evaluation: id, outcome, why };
  const alerts = actions.flatMap((action, n): CloudEvent[] => {
    if (action.kind !== 'alert') return [];
    const data: AlertRaisedData = { severity: action.severity, message: action.message, rule, key, evaluation: id };
    return [{ ...common, id: `${id}/${n}`, type: 'alert.raised', data: { ...data } }];
  });
  return [{ ...common, id, type: 'rule.fired', data: { ...fired } }, ...alerts];
}

/** The evaluation that started the run an event is about: its trigger is `rule`, by `<rule>/<evaluation>`. */
function evaluationBehind({ source, data }: CloudEvent): string | null {
  // Others may say anything of what started them.
  if (!source.startsWith('/pipelines/')) return null;
  const trigger = typeof data === 'object' && data !== null && !Array.isArray(data) ? data['trigger'] : null;
  if (typeof trigger !== 'object' || trigger === null || Array.isArray(trigger) || trigger['kind'] !== 'rule')
    return null;
  return /^[a-z0-9-]+\/(\d{1,18})$/.exec(String(trigger['by']))?.[1] ?? null;
}
