import type { RolloutPlan } from '../../contracts/rollouts.ts';

const day = 86_400;

/**
 * How a new version is brought in, in each market: its lists are made beside those in use, unseen, and both are judged by what
 * customers buy (see `customerPairs`). At least a week, so that each weekday counts; four at most, in which most customers buy once.
 *
 * The unit of `ndcg` is NDCG@10. On Online Retail the two kinds of rankers lie 0.027 apart: a loss of a third of that is tolerated, one of
 * about twice that is ruled out. Closer bounds would need more customers than most markets have in four weeks; these need some
 * hundreds. `hit` is the share of customers that bought from the first ten of their list, `listed` of those that have a list.
 */
export const listRollout: Partial<RolloutPlan> = {
  steps: [{ share: 0, minSeconds: 7 * day, maxSeconds: 28 * day }],
  gates: [
    { name: 'ndcg', kind: 'score', tolerated: 0.01, harmful: 0.05 },
    { name: 'hit', kind: 'score', tolerated: 0.02, harmful: 0.1 },
    { name: 'listed', kind: 'score', tolerated: 0.01, harmful: 0.1 },
  ],
};
