import type { EventRef, RuleDefinition, RuleEvaluation, RuleRecord } from '../../contracts/rules.ts';
import type { RuleGroupState } from '../../domain/ports/rules.ts';
import { iso } from './client.ts';

/** A row of `rules` as the pg driver gives it. */
export interface RuleRow {
  readonly id: string;
  readonly definition: RuleDefinition;
  readonly pipeline: string | null;
  readonly enabled: boolean;
  readonly note: string;
  readonly version: number;
  readonly hash: string;
  readonly created_at: Date;
  readonly updated_at: Date;
}

/** A row of `rule_evaluations` as the pg driver gives it. */
export interface EvaluationRow {
  readonly id: string;
  readonly rule_id: string;
  readonly version: number;
  readonly key: string;
  readonly event: EventRef | null;
  readonly deadline_at: Date | null;
  readonly at: Date;
  readonly outcome: RuleEvaluation['outcome'];
  readonly why: string;
  readonly conditions: RuleEvaluation['conditions'];
  readonly events: RuleEvaluation['events'];
  readonly actions: RuleEvaluation['actions'];
  readonly depth: number;
  readonly traceparent: string | null;
}

export function toRule({ created_at, updated_at, ...row }: RuleRow): RuleRecord {
  const { id, definition, pipeline, enabled, note, version, hash } = row;
  return {
    id,
    definition,
    origin: pipeline === null ? 'api' : 'code',
    pipeline,
    enabled,
    note,
    version,
    hash,
    createdAt: iso(created_at),
    updatedAt: iso(updated_at),
  };
}

export function toEvaluation(row: EvaluationRow): RuleEvaluation {
  const { id, rule_id, version, key, event, deadline_at, at, outcome, why, conditions, events, actions, depth } = row;
  const { traceparent } = row;
  return {
    id,
    rule: rule_id,
    version,
    key,
    event,
    deadlineAt: iso(deadline_at),
    at: iso(at),
    outcome,
    why,
    conditions,
    events,
    actions,
    depth,
    ...(traceparent === null ? {} : { traceparent }),
  };
}

export function readGroup(row: { key: string; state: RuleGroupState; updated_at: Date }) {
  return { key: row.key, state: row.state, updatedAt: iso(row.updated_at) };
}
