import type { Gate } from '../../../contracts/rollouts.ts';

/**
 * What a new translation model must not lose beside what every model must not: required terms, of the requests that have some. Its
 * own confidence is compared too, though only a large fall counts, as models differ in how sure they are.
 */
export const translationGates: readonly Gate[] = [
  { name: 'terms', kind: 'score', tolerated: 0.005, harmful: 0.05, optional: true },
  { name: 'confidence', kind: 'score', tolerated: 0.05, harmful: 0.2, optional: true },
];
