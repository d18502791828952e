import type { RetrainingDecision } from '../../../contracts/decisions.ts';
import type { FilledPolicy } from '../../../contracts/policies.ts';

/** What a decision's policy said when it was made; decisions of before there were policies say less. */
export function decidedBy({
  policy,
}: Pick<RetrainingDecision, 'policy'>): Pick<FilledPolicy, 'training' | 'mode' | 'fourEyes'> {
  const said = (policy.thresholds ?? {}) as Partial<FilledPolicy>;
  return {
    training: said.training ?? { params: {}, challenger: { promote: 'never' }, priority: 3 },
    mode: said.mode ?? 'act',
    fourEyes: said.fourEyes ?? true,
  };
}
