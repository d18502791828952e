import { correctionScore, type Gate } from '../../../contracts/rollouts.ts';

/**
 * What a new translation model must not lose beside what every model must not: required terms, of the requests that have some. Its
 * own confidence is compared too, though only a large fall counts, as models differ in how sure they are. Corrections that come in
 * guard it: three points of chrF is what two versions differ by that people find equally good in different words, ten is about a word
 * in ten. They are few and come when they come, so that no step waits for them.
 */
export const translationGates: readonly Gate[] = [
  { name: 'terms', kind: 'score', tolerated: 0.005, harmful: 0.05, optional: true },
  { name: 'confidence', kind: 'score', tolerated: 0.05, harmful: 0.2, optional: true },
  { name: correctionScore, kind: 'score', tolerated: 0.03, harmful: 0.1, optional: true, guardOnly: true },
];
