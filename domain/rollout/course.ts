import { setImmediate as otherWork } from 'node:timers/promises';
import type {
  ComparedAnswer,
  Comparison,
  Gate,
  GateCourse,
  GateCourses,
  GatePoint,
  RolloutRecord,
} from '../../contracts/rollouts.ts';
import type { RolloutRepository } from '../ports/rollouts.ts';
import { logMean, sizes } from './evidence.ts';
import { differenceOf, scaled, unscaled } from './gates.ts';
import { limitsOf } from './judge.ts';

/** Pairs of a step that are looked at: at the usual 10 a second those of half an hour. */
const mostPairs = 20_000;
const readAtATime = 5_000;
/** Points of a course. */
const mostPoints = 40;
/** Neighbouring bounds that are tried lie this far apart. */
const spacing = 1.25;

/**
 * What the gates of a rollout have seen in its step, from the pairs that are kept: means of both versions, and the course of
 * the difference with what is ruled out on either side. A bound is ruled out by the same bets that decide a gate
 * (see {@link Evidence}): an interval and a verdict agree. Bounds other than the gate's own are looked at some pairs at a time.
 */
export async function gateCourses(
  { rollouts }: { readonly rollouts: Pick<RolloutRepository, 'comparisons'> },
  rollout: Pick<RolloutRecord, 'id' | 'step' | 'plan'>,
): Promise<GateCourses> {
  const pairs: Comparison[] = [];
  let more = true;
  for (let cursor = '0'; more && pairs.length < mostPairs; ) {
    const read = await rollouts.comparisons(rollout.id, rollout.step, cursor, readAtATime);
    pairs.push(...read.comparisons);
    more = read.cursor !== cursor;
    cursor = read.cursor;
  }
  const limits = limitsOf(rollout.plan);
  const gates: GateCourse[] = [];
  for (const gate of rollout.plan.gates) {
    // Some hundredths of a second each: other requests are answered in between.
    await otherWork();
    gates.push(courseOf(gate, pairs, limits));
  }
  return { step: rollout.step, gates, pairs: pairs.length, more };
}

/** @param limits chances below which a bound counts as ruled out, below (`falseAlarm`) and above (`miss`). */
export function courseOf(
  gate: Gate,
  pairs: readonly Comparison[],
  limits: { readonly falseAlarm: number; readonly miss: number },
): GateCourse {
  const telling = pairs.flatMap((pair) => {
    const difference = differenceOf(gate, pair);
    return difference === null ? [] : [{ pair, difference }];
  });
  const batch = Math.max(1, Math.ceil(telling.length / mostPoints));
  const differences = telling.map(({ difference }) => difference);
  const opposite = differences.map((difference) => -difference);
  const own = [scaled(gate, gate.tolerated), scaled(gate, gate.harmful)] as const;
  const bounds = boundsOf(...own);
  const everyOf = (bound: number): number => (own.includes(bound) ? 1 : batch);
  const below = bounds.map((bound) => ruledOutAt(differences, bound, everyOf(bound), limits.falseAlarm));
  const above = bounds.map((bound) => ruledOutAt(opposite, -bound, everyOf(bound), limits.miss));
  const points: GatePoint[] = [];
  let sum = 0;
  for (const [n, { pair, difference }] of telling.entries()) {
    sum += difference;
    if ((n + 1) % batch !== 0 && n + 1 < telling.length) continue;
    const low = bounds.findLast((_, i) => (below[i] as number) <= n);
    const high = bounds.find((_, i) => (above[i] as number) <= n);
    points.push({
      at: pair.at,
      count: n + 1,
      difference: unscaled(gate, sum / (n + 1)),
      low: low === undefined ? null : unscaled(gate, low),
      high: high === undefined ? null : unscaled(gate, high),
    });
  }
  const mean = (answerOf: (pair: Comparison) => ComparedAnswer): number | null =>
    meanOf(
      gate,
      telling.map(({ pair }) => answerOf(pair)),
    );
  const base = gate.kind === 'level' ? (gate.expected ?? null) : mean((pair) => pair.base);
  return { gate: gate.name, base, candidate: mean((pair) => pair.candidate), points };
}

function meanOf({ kind, name }: Gate, answers: readonly ComparedAnswer[]): number | null {
  if (answers.length === 0) return null;
  const average = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  if (kind === 'errors') return average(answers.map(({ error }) => (error === null ? 0 : 1)));
  if (kind === 'latency') return Math.exp(average(answers.map(({ ms }) => Math.log(ms ?? 0)).filter(Number.isFinite)));
  return average(answers.map(({ scores }) => scores[name] as number));
}

/** Bounds of a mean of differences that are tried: 0, the gate's own, and both signs from a fiftieth of what is harmful up to 1, closer where they are small. */
function boundsOf(tolerated: number, harmful: number): number[] {
  const tried: number[] = [];
  for (let bound = harmful; bound > harmful / 50; bound /= spacing) tried.push(bound);
  for (let bound = harmful * spacing; bound < 1; bound *= spacing) tried.push(bound);
  return [...new Set([0, tolerated, ...tried, ...tried.map((bound) => -bound)])].sort((a, b) => a - b);
}

/**
 * The place of the pair with which a mean of at most `bound` is ruled out, with a chance of error of at most `chance`;
 * infinity: it is not. @param every pairs after which one looks; their gains are multiplied before a logarithm is taken.
 */
function ruledOutAt(differences: readonly number[], bound: number, every: number, chance: number): number {
  const wanted = -Math.log(chance);
  const largest = 1 / (1 + bound);
  const logWealth = sizes.map(() => 0);
  for (let from = 0; from < differences.length; from += every) {
    const to = Math.min(from + every, differences.length);
    for (const [i, size] of sizes.entries()) {
      let log = 0;
      let product = 1;
      for (let n = from; n < to; n++) {
        product *= 1 + size * largest * ((differences[n] as number) - bound);
        // Before it leaves what a number can hold.
        if (product < 1e-200 || product > 1e200) {
          log += Math.log(product);
          product = 1;
        }
      }
      logWealth[i] = (logWealth[i] as number) + log + Math.log(product);
    }
    if (logMean(logWealth) >= wanted) return to - 1;
  }
  return Number.POSITIVE_INFINITY;
}
