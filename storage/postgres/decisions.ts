import type pg from 'pg';
import type {
  DecisionShown,
  RetrainingDecidedData,
  RetrainingDecision,
  TrainingOutcome,
} from '../../contracts/decisions.ts';
import type { CloudEvent } from '../../contracts/events.ts';
import { endedRollouts, type RolloutStatus } from '../../contracts/rollouts.ts';
import type { AlertRaisedData } from '../../contracts/rules.ts';
import { type RunStatus, terminalRunStatuses } from '../../contracts/runs.ts';
import type { DecisionRepository } from '../../domain/ports/results.ts';
import { type Connection, cursors, json, sql } from './client.ts';
import { decisionOverrides } from './decision-overrides.ts';
import { type DecisionRow, toDecision } from './decision-rows.ts';
import { publishEvents } from './publish-events.ts';
import { transaction } from './transaction.ts';

/** Decisions with what became of them. */
export function decisionRepository({ pool }: Connection): DecisionRepository {
  const find = async (filter: {
    id?: string;
    run?: string;
    version?: { model: string; version: number };
  }): Promise<DecisionShown | null> => {
    const { id = null, run = null, version = null } = filter;
    const { rows } = await pool.query<DecisionRow>(sql`
      select * from decisions_shown
      where (${id}::text is null or id = ${id}) and (${run}::text is null or training_run_id = ${run})
        and (${version?.model ?? null}::text is null or (model = ${version?.model ?? null} and made_version = ${version?.version ?? null}))
      order by at desc limit 1`);
    return rows[0] ? toDecision(rows[0]) : null;
  };
  return {
    ...decisionOverrides({ pool }),
    save: (decision) =>
      transaction(pool, async (tx) => {
        const isNew = await insert(tx, decision);
        if (isNew) await publishEvents(tx, eventsOf(decision));
        return isNew;
      }),
    get: (id) => find({ id }),
    ofRun: (run) => find({ run }),
    ofVersion: (model, version) => find({ version: { model, version } }),
    async list({ pipeline = null, model = null, policy = null, verdict = null, override = null, limit, cursor }) {
      const after = cursors.read(cursor);
      const { rows } = await pool.query<DecisionRow>(sql`
        select * from decisions_shown
        where (${pipeline}::text is null or pipeline = ${pipeline}) and (${model}::text is null or model = ${model})
          and (${policy}::text is null or policy->>'name' = ${policy})
          and (${verdict}::text is null or effective = ${verdict})
          and (${override}::text is null or id in (select decision_id from decision_overrides where status = ${override}))
          and (${after?.at ?? null}::timestamptz is null or (at, id) < (${after?.at ?? null}, ${after?.id ?? null}))
        order by at desc, id desc limit ${limit + 1}`);
      const decisions = rows.slice(0, limit).map(toDecision);
      const last = decisions.at(-1);
      return { decisions, next: rows.length > limit && last ? cursors.write(last.at, last.id) : null };
    },
    async attachRun(id, runId) {
      const { rowCount } = await pool.query(sql`
        update decisions set training_run_id = ${runId}
        where id = ${id} and (training_run_id is null or training_run_id = ${runId})`);
      return (rowCount ?? 0) > 0;
    },
    async settle(id, now) {
      const decision = await find({ id });
      const found =
        decision && outcomeOf(decision, await aliasReason(pool, decision), await rolloutsOf(pool, decision));
      if (!decision || !found) return decision;
      await pool.query(sql`
        update decisions set outcome = ${found.outcome}, outcome_why = ${found.why},
          version = ${decision.links.version?.version ?? null}, settled_at = ${now}
        where id = ${id}`);
      return find({ id });
    },
  };
}

async function insert(tx: pg.PoolClient, decision: RetrainingDecision): Promise<boolean> {
  const { id, pipeline, model, runId, at, day, verdict, summary, reasons, inputs, policy, occasion, alert } = decision;
  const { rowCount } = await tx.query(sql`
    insert into decisions (id, pipeline, model, run_id, at, day, verdict, summary, reasons, inputs, policy, occasion, alert)
    values (${id}, ${pipeline}, ${model}, ${runId}, ${at}::timestamptz, ${day}::date, ${verdict}, ${summary}, ${json(reasons)}::jsonb,
      ${json(inputs)}::jsonb, ${json(policy)}::jsonb, ${json(occasion)}::jsonb, ${alert === null ? null : json(alert)}::jsonb)
    on conflict (id) do nothing`);
  return (rowCount ?? 0) > 0;
}

/** That it was decided, and what people are told: an alert of a key once, however many decisions say so. */
function eventsOf(decision: RetrainingDecision): CloudEvent[] {
  const { id, pipeline, model, at, day, verdict, summary, policy, alert } = decision;
  const common = {
    specversion: '1.0',
    source: `/policies/${policy.name}`,
    subject: model,
    time: at,
    datacontenttype: 'application/json',
  } as const;
  const decided: RetrainingDecidedData = { decision: id, policy: policy.name, pipeline, model, day, verdict, summary };
  const made: CloudEvent = { ...common, id, type: 'retraining.decided', data: { ...decided } };
  if (!alert) return [made];
  const raised: AlertRaisedData = { severity: alert.severity, message: alert.message };
  return [made, { ...common, id: `${model}/${alert.key}`, type: 'alert.raised', data: { ...raised } }];
}

/** What became of a decision's training; null while it goes on or when it has none. */
function outcomeOf(
  { links, effective }: DecisionShown,
  reason: string,
  rollouts: readonly VersionRollout[],
): { readonly outcome: TrainingOutcome; readonly why: string } | null {
  const { run, version, promotedAt, error } = links;
  if (version && promotedAt !== null)
    return { outcome: 'promoted', why: `Version ${version.version} became champion: ${reason}` };
  if (run === null || !terminalRunStatuses.has(run.status as RunStatus)) return null;
  if (version && rollouts.length > 0) return rolloutOutcome(version.version, rollouts);
  if (version)
    return {
      outcome: effective === 'challenger' ? 'challenger' : 'rejected',
      why: `Version ${version.version} stays a challenger: ${reason}`,
    };
  const why = error?.message ?? (run.status === 'succeeded' ? 'The run made no version of the model.' : '');
  return { outcome: 'failed', why: `Run ${run.id} ${run.status}. ${why}`.trim() };
}

/** Why an alias was given to the version of a decision. */
async function aliasReason(pool: pg.Pool, { links }: DecisionShown): Promise<string> {
  const { version } = links;
  if (!version) return '';
  const { rows } = await pool.query<{ reason: string }>(sql`
    select reason from model_alias_changes where model = ${version.model} and version = ${version.version}
    order by (alias = 'champion') desc, id desc limit 1`);
  return rows[0]?.reason ?? 'nobody said why';
}

/** A rollout of the version of a decision. */
interface VersionRollout {
  readonly id: string;
  readonly market: string;
  readonly status: RolloutStatus;
  readonly reason: string;
}

/** What rollouts have made of a version: one that took over in a market has not been rejected. */
function rolloutOutcome(
  version: number,
  rollouts: readonly VersionRollout[],
): { readonly outcome: TrainingOutcome; readonly why: string } {
  const taken = rollouts.filter(({ status }) => status === 'completed');
  const open = rollouts.find(({ status }) => !endedRollouts.has(status));
  const last = rollouts.at(-1) as VersionRollout;
  if (taken.length > 0)
    return {
      outcome: 'promoted',
      why: `Version ${version} has taken over in ${taken.map(({ market }) => market).join(', ')}; ${taken.length} of its ${rollouts.length} rollouts completed.`,
    };
  if (open) return { outcome: 'challenger', why: `Rollout ${open.id} brings version ${version} in.` };
  return { outcome: 'rejected', why: `Rollout ${last.id} of version ${version} was ${endOf(last)}: ${last.reason}` };
}

function endOf({ status }: VersionRollout): string {
  return status === 'rolled-back' ? 'rolled back' : status;
}

/** Rollouts of the version of a decision, oldest first. */
async function rolloutsOf(pool: pg.Pool, { links: { version } }: DecisionShown): Promise<VersionRollout[]> {
  if (!version) return [];
  const { rows } = await pool.query<VersionRollout>(sql`
    select id, market, status, reason from rollouts where model = ${version.model} and version = ${version.version}
    order by created_at, market`);
  return rows;
}
