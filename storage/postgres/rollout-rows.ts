import type { GateReading, RolloutPlan, RolloutRecord, RolloutStatus } from '../../contracts/rollouts.ts';
import type { RolloutState } from '../../domain/ports/rollouts.ts';
import { iso } from './client.ts';
import type { Rollout as Row } from './generated/client.ts';

export function toRollout(row: Row): RolloutRecord {
  const {
    id,
    model,
    market,
    version,
    configuration,
    base,
    baseConfiguration,
    plan,
    status,
    step,
    stepSince,
    revision,
    readings,
    reason,
    by,
    createdAt,
    finishedAt,
  } = row;
  return {
    id,
    model,
    market,
    version,
    configuration,
    base,
    baseConfiguration,
    plan: plan as unknown as RolloutPlan,
    status: status as RolloutStatus,
    step,
    stepSince: iso(stepSince),
    revision,
    readings: readings as unknown as GateReading[],
    reason,
    by,
    createdAt: iso(createdAt),
    finishedAt: iso(finishedAt),
  };
}

export function toState(row: Row): RolloutState {
  return {
    ...toRollout(row),
    evidence: row.evidence as unknown as RolloutState['evidence'],
    cursor: String(row.cursor),
  };
}
