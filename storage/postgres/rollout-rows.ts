import type { GateReading, RolloutPlan, RolloutRecord, RolloutStatus } from '../../contracts/rollouts.ts';
import type { RolloutState } from '../../domain/ports/rollouts.ts';
import { iso } from './client.ts';
import type { Rollout as Row } from './generated/client.ts';

export function toRollout(row: Row): RolloutRecord {
  const { activeModel: _, evidence: __, cursor: ___, ...record } = row;
  return {
    ...record,
    plan: record.plan as unknown as RolloutPlan,
    status: record.status as RolloutStatus,
    stepSince: iso(record.stepSince),
    readings: record.readings as unknown as GateReading[],
    createdAt: iso(record.createdAt),
    finishedAt: iso(record.finishedAt),
  };
}

export function toState(row: Row): RolloutState {
  return {
    ...toRollout(row),
    evidence: row.evidence as unknown as RolloutState['evidence'],
    cursor: String(row.cursor),
  };
}
