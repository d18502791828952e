import type { ComparedAnswer, Comparison, Gate, GateReading } from '../../contracts/rollouts.ts';
import { chanceOf, type Evidence, noEvidence, withDifferences } from './evidence.ts';

/** Evidence about a gate, in a step. */
export interface GateEvidence {
  /** Against the candidate being as good as tolerated. */
  readonly worse: Evidence;
  /** Against its being harmful. */
  readonly fine: Evidence;
}

export const noGateEvidence: GateEvidence = { worse: noEvidence, fine: noEvidence };

/** By the names of gates. */
export type GatesEvidence = Readonly<Record<string, GateEvidence>>;

/** Times differ by at most this factor: beyond it they count as this. */
const mostTimes = 16;
/** Added to times, so that a millisecond more or less of very short ones does not count as much. */
const leastMs = 1;

/** Evidence with more comparisons. */
export function withComparisons(
  gates: readonly Gate[],
  evidence: GatesEvidence,
  comparisons: readonly Comparison[],
): GatesEvidence {
  return Object.fromEntries(
    gates.map((gate) => {
      const { worse, fine } = evidence[gate.name] ?? noGateEvidence;
      const differences = comparisons.flatMap((comparison) => differenceOf(gate, comparison) ?? []);
      return [
        gate.name,
        {
          worse: withDifferences(worse, differences, scaled(gate, gate.tolerated)),
          fine: withDifferences(
            fine,
            differences.map((difference) => -difference),
            -scaled(gate, gate.harmful),
          ),
        },
      ];
    }),
  );
}

/**
 * How a gate stands.
 *
 * @param limits chances below which a candidate is worse than tolerated, and not harmful.
 */
export function readGate(
  gate: Gate,
  { worse, fine }: GateEvidence,
  limits: { readonly falseAlarm: number; readonly miss: number },
): GateReading {
  const { count, sum } = worse;
  const chanceIfGood = chanceOf(worse);
  const chanceIfHarmful = chanceOf(fine);
  const state = chanceIfGood <= limits.falseAlarm ? 'worse' : chanceIfHarmful <= limits.miss ? 'fine' : 'open';
  const difference = count === 0 ? null : unscaled(gate, sum / count);
  const reading = { gate: gate.name, count, difference, chanceIfGood, chanceIfHarmful, state } as const;
  return { ...reading, text: words(gate, reading) };
}

/** How much worse the candidate's answer is, from −1 to 1; null: the pair does not tell. */
export function differenceOf({ name, kind, expected = 0 }: Gate, { base, candidate }: Comparison): number | null {
  // Labels that come late are about a pair whose failures and times are in the evidence already.
  const bringsLabels = candidate.ms === null || base.ms === null;
  if (kind === 'errors') return bringsLabels ? null : failed(candidate) - failed(base);
  if (candidate.error !== null || base.error !== null) return null;
  if (kind === 'latency') {
    if (bringsLabels) return null;
    const ratio = (candidate.ms + leastMs) / (base.ms + leastMs);
    return Math.max(-1, Math.min(1, Math.log(ratio) / Math.log(mostTimes)));
  }
  const theirs = candidate.scores[name];
  const ours = kind === 'level' ? expected : base.scores[name];
  return theirs === undefined || ours === undefined ? null : ours - theirs;
}

const failed = ({ error }: ComparedAnswer): number => (error === null ? 0 : 1);

/** A bound of the gate's unit as a mean of differences. */
export function scaled({ kind }: Gate, bound: number): number {
  return kind === 'latency' ? Math.log(bound) / Math.log(mostTimes) : bound;
}

/** A mean of differences in the gate's unit. */
export function unscaled({ kind }: Gate, mean: number): number {
  return kind === 'latency' ? mostTimes ** mean : mean;
}

function words(
  gate: Gate,
  { count, difference, chanceIfGood, chanceIfHarmful, state }: Omit<GateReading, 'text'>,
): string {
  if (difference === null) return `${gate.name}: nothing to compare yet.`;
  const seen = `${gate.name}: ${amount(gate, difference)} in ${count} pairs`;
  if (state === 'worse')
    return `${seen}. That is worse than tolerated (${amount(gate, gate.tolerated)}): one within it would show this with a chance ${atMost(chanceIfGood)}.`;
  if (state === 'fine')
    return `${seen}. Harm (${amount(gate, gate.harmful)}) is ruled out: with it, this would be seen with a chance ${atMost(chanceIfHarmful)}.`;
  return `${seen}. That neither rules harm (${amount(gate, gate.harmful)}) out yet, nor is it worse than tolerated.`;
}

function amount({ kind }: Gate, value: number): string {
  if (kind === 'latency') return `${value.toFixed(2)} times the time`;
  if (kind === 'errors')
    return value === 0 ? 'as many errors' : `${percent(Math.abs(value))} ${value < 0 ? 'fewer' : 'more'} errors`;
  return `${Math.abs(value).toFixed(3)} ${value < 0 ? 'higher' : 'lower'}`;
}

/** A chance beside which smaller ones are the same to people. */
const least = 0.0001;

function atMost(chance: number): string {
  return chance < least ? `below ${percent(least)}` : `of at most ${percent(chance)}`;
}

function percent(share: number): string {
  const value = share * 100;
  return `${value >= 10 ? value.toFixed(0) : Number(value.toPrecision(value < 0.01 ? 1 : 3))} %`;
}
