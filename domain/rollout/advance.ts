import { baseOf, candidateOf, type RolloutRecord } from '../../contracts/rollouts.ts';
import { type TrafficRoute, variantName } from '../../contracts/traffic.ts';
import type { Clock } from '../ports/clock.ts';
import type { RolloutChange, RolloutRepository, RolloutState } from '../ports/rollouts.ts';
import { withComparisons } from './gates.ts';
import { judgeStep, type StepJudgement } from './judge.ts';

/** Comparisons read at a time. */
const readAtATime = 2000;
/** Who is named in what the gates do. */
const gatekeeper = 'rollout';

/** Routes of a step. Before the last one ends the base stays loaded, ready to take all callers back. */
function routesOf(rollout: RolloutRecord, step: number): TrafficRoute[] {
  const share = rollout.plan.steps[step]?.share ?? 0;
  return [
    { ...baseOf(rollout), share: 1 - share },
    { ...candidateOf(rollout), share },
  ];
}

/** Candidate and base in words that follow "version". */
const namesOf = (rollout: RolloutRecord): readonly [string, string] => [
  variantName(candidateOf(rollout)),
  variantName(baseOf(rollout)),
];
/** Whom a rollout is about, in words. */
function everyone({ market }: Pick<RolloutRecord, 'market'>): string {
  return market === '' ? 'all callers' : `all customers of ${market}`;
}

/** The change that begins a step. */
export function stepBegins(rollout: RolloutRecord, step: number, now: Date, by: string, why: string): RolloutChange {
  const { share } = rollout.plan.steps[step] as RolloutRecord['plan']['steps'][number];
  const [candidate, base] = namesOf(rollout);
  const text =
    share === 0
      ? `Version ${candidate} answers beside version ${base}, unseen. ${why}`
      : `Version ${candidate} answers ${share === 1 ? everyone(rollout) : `${Math.round(share * 1000) / 10} % of the callers`}. ${why}`;
  return {
    rollout: { status: 'running', step, stepSince: now.toISOString(), readings: [], evidence: {}, reason: text },
    traffic: { routes: routesOf(rollout, step), compares: true },
    event: { type: 'step', by, text, data: { step, share } },
  };
}

/**
 * The change that ends a rollout well: the candidate is the champion and its configuration in force, or it makes the lists of the
 * market.
 */
export function rolloutCompletes(rollout: RolloutRecord, now: Date, by: string, why: string): RolloutChange {
  const [candidate, base] = namesOf(rollout);
  const { market } = rollout;
  const text = `Version ${candidate} has taken over from version ${base}${market === '' ? '' : ` in ${market}`}. ${why}`;
  return {
    rollout: { status: 'completed', finishedAt: now.toISOString(), reason: text },
    promotes: true,
    event: { type: 'completed', by, text, data: {} },
  };
}

/** The change that gives all callers back to what served before. */
export function rolloutGoesBack(
  rollout: RolloutRecord,
  status: 'rolled-back' | 'aborted',
  now: Date,
  by: string,
  why: string,
): RolloutChange {
  const [candidate, base] = namesOf(rollout);
  const text = `Version ${base} answers ${everyone(rollout)} again, version ${candidate} none. ${why}`;
  return {
    rollout: { status, finishedAt: now.toISOString(), reason: text },
    traffic: { routes: [{ ...baseOf(rollout), share: 1 }], compares: false },
    event: { type: status, by, text, data: {} },
  };
}

/**
 * Does what is to be done for a rollout now: begins it, takes new comparisons into account, goes on to the next step, ends it. A
 * paused one is watched, and goes back if a gate says so, but not on.
 *
 * @returns the rollout as it stands then; null when there is none.
 */
export async function advanceRollout(
  { rollouts, clock }: { readonly rollouts: RolloutRepository; readonly clock: Clock },
  id: string,
): Promise<RolloutState | null> {
  const rollout = await rollouts.get(id);
  if (rollout === null || rollout.finishedAt !== null) return rollout;
  const now = clock.now();
  if (rollout.status === 'queued') {
    await rollouts.change(id, rollout.revision, stepBegins(rollout, 0, now, gatekeeper, 'The rollout begins.'));
    return rollouts.get(id);
  }
  const { comparisons, cursor } = await rollouts.comparisons(id, rollout.step, rollout.cursor, readAtATime);
  const evidence = withComparisons(rollout.plan.gates, rollout.evidence, comparisons);
  const seconds = (now.getTime() - Date.parse(rollout.stepSince as string)) / 1000;
  const judgement = judgeStep(rollout.plan, rollout.step, evidence, seconds);
  const gathered = { evidence, cursor, readings: judgement.readings };
  const change = changeBy(rollout, judgement, now);
  const isNew =
    cursor !== rollout.cursor ||
    change.event !== undefined ||
    (change.rollout.reason ?? rollout.reason) !== rollout.reason;
  if (!isNew) return rollout;
  await rollouts.change(id, rollout.revision, { ...change, rollout: { ...gathered, ...change.rollout } });
  return rollouts.get(id);
}

function changeBy(rollout: RolloutState, { verdict, reason, readings }: StepJudgement, now: Date): RolloutChange {
  if (verdict === 'roll-back') return rolloutGoesBack(rollout, 'rolled-back', now, gatekeeper, reason);
  if (rollout.status === 'paused') return { rollout: {} };
  if (verdict === 'inconclusive') {
    const { onInconclusive } = rollout.plan;
    if (onInconclusive === 'roll-back') return rolloutGoesBack(rollout, 'rolled-back', now, gatekeeper, reason);
    // Where nothing was compared, nobody knows whether the candidate answers at all.
    if (onInconclusive === 'pause' || readings.every(({ count }) => count === 0))
      return {
        rollout: { status: 'paused', reason },
        event: { type: 'paused', by: gatekeeper, text: reason, data: {} },
      };
  }
  if (verdict === 'wait') return { rollout: { reason } };
  return goesOn(rollout, now, gatekeeper, reason);
}

/** The change that ends the step under way: the next one begins, or the rollout completes. */
export function goesOn(rollout: RolloutRecord, now: Date, by: string, why: string): RolloutChange {
  const next = rollout.step + 1;
  return next < rollout.plan.steps.length
    ? stepBegins(rollout, next, now, by, why)
    : rolloutCompletes(rollout, now, by, why);
}
