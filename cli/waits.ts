import type { Waiting } from '../contracts/runs.ts';

/** What a run or a step waits for, in words. */
export function waitText({ step, limits, place }: Pick<Waiting, 'step' | 'limits' | 'place'>): string {
  const who = step ? `step ${step.stepId}${step.mapKey && ` [${step.mapKey}]`} waits` : 'waits';
  const full = limits.map(({ name, active, capacity }) => `${name} (${active} of ${capacity} in use)`);
  return `${who} for ${full.join(' and ') || 'its turn'}, place ${place}`;
}
