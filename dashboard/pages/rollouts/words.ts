import type { Gate, GateReading, RolloutPlan, RolloutRecord } from '../../../contracts/rollouts.ts';
import { count, list, percent } from '../../format/number.ts';
import { duration } from '../../format/time.ts';

/** A value that a gate is about, in its unit: a share of requests, milliseconds, points. */
export function measured({ kind }: Pick<Gate, 'kind'>, value: number | null): string {
  if (value === null) return '–';
  if (kind === 'errors') return shareText(value);
  return kind === 'latency' ? duration(value) : value.toFixed(3);
}

/** A small share with the decimals that it needs. */
const shareText = (share: number): string =>
  Math.abs(share) >= 0.01 || share === 0 ? percent(share) : `${Number((share * 100).toPrecision(2))}%`;

/** How much worse a candidate is, in the unit of the gate. */
export function worseText({ kind }: Pick<Gate, 'kind'>, value: number | null): string {
  if (value === null) return 'not known yet';
  if (kind === 'latency') return `×${value.toFixed(2)}`;
  const sign = value > 0 ? '+' : value < 0 ? '−' : '';
  const size = Math.abs(value);
  return `${sign}${kind === 'errors' ? shareText(size) : size.toFixed(3)}`;
}

/** A difference of a gate in words: `0.1% more requests fail`, `1.06 times as long`, `0.107 lower`. */
export function differenceWords({ kind }: Pick<Gate, 'kind'>, value: number): string {
  const size = Math.abs(value);
  if (kind === 'latency') return `${value.toFixed(2)} times as long`;
  if (kind === 'errors')
    return value === 0 ? 'as many fail' : `${shareText(size)} ${value > 0 ? 'more' : 'fewer'} fail`;
  return value === 0 ? 'the same' : `${size.toFixed(3)} ${value > 0 ? 'lower' : 'higher'}`;
}

/** What a plot of a gate's difference shows. */
export const differenceTitle = ({ kind }: Pick<Gate, 'kind'>): string =>
  ({
    errors: 'More requests that fail',
    latency: 'Time to answer, as a multiple',
    score: 'How much lower the score is',
    level: 'How far the score is below what is expected',
  })[kind];

export interface Missing {
  /** 0 to 1: how far the evidence has come that rules harm out. */
  readonly share: number;
  /** Pairs that are still missing, if they go on as they came; null: it cannot be said. */
  readonly pairs: number | null;
}

/** How much evidence a gate still lacks to rule harm out; by the logarithm of its chances, which grows with the pairs. */
export function missingOf(
  { count: seen, chanceIfHarmful, state }: GateReading,
  { misses }: Pick<RolloutPlan, 'misses'>,
): Missing {
  if (state === 'fine') return { share: 1, pairs: 0 };
  const share = Math.max(0, Math.min(1, Math.log(chanceIfHarmful) / Math.log(misses)));
  // Below a tenth it says next to nothing of how fast it grows.
  return { share, pairs: share < 0.1 || seen === 0 ? null : Math.ceil(seen * (1 / share - 1)) };
}

export const missingWords = ({ share, pairs }: Missing): string =>
  pairs === 0
    ? 'All the evidence is there.'
    : pairs === null
      ? 'Little evidence yet.'
      : `${percent(share)} of the evidence; about ${count(pairs)} more pairs at this pace.`;

export interface StepClock {
  /** Milliseconds that the step goes on at least, and at most; 0: they are over. */
  readonly least: number;
  readonly most: number;
}

/** How long the step under way goes on; null while none is. @param now milliseconds. */
export function stepClock({ plan, step, stepSince, finishedAt }: RolloutRecord, now: number): StepClock | null {
  const current = plan.steps[step];
  if (!current || stepSince === null || finishedAt !== null) return null;
  const since = now - Date.parse(stepSince);
  return {
    least: Math.max(0, current.minSeconds * 1000 - since),
    most: Math.max(0, current.maxSeconds * 1000 - since),
  };
}

/** The time left of a step, in words. */
export function clockWords(clock: StepClock | null, { status, plan }: Pick<RolloutRecord, 'status' | 'plan'>): string {
  if (clock === null) return '';
  if (status === 'paused') return 'paused; the gates go on watching';
  const end = { pause: 'people are asked', 'roll-back': 'it goes back', 'go-on': 'it goes on' }[plan.onInconclusive];
  if (clock.most === 0) return `its time is over: ${end}`;
  const least = clock.least > 0 ? `at least ${duration(clock.least)} more, ` : 'ends once the gates have decided, ';
  return `${least}at most ${duration(clock.most)}; then ${end}`;
}

/** What the gates of the step say together; of one that waits for people, or has ended, why it does. */
export function gatesAnswer({ plan, readings, status, reason }: RolloutRecord): string {
  if (status !== 'running') return reason;
  const stateOf = (name: string) => readings.find(({ gate }) => gate === name);
  const worse = plan.gates.filter(({ name }) => stateOf(name)?.state === 'worse');
  if (worse.length > 0) return `Worse than tolerated: ${list(worse.map(({ name }) => name))}.`;
  const awaited = plan.gates.filter(
    ({ name, optional, guardOnly }) =>
      !guardOnly && stateOf(name)?.state !== 'fine' && !(optional && !stateOf(name)?.count),
  );
  return awaited.length === 0
    ? 'Its gates have ruled out harm.'
    : `It waits for more evidence about ${list(awaited.map(({ name }) => name))}.`;
}

/** A gate's name as a title. */
export const gateTitle = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);

/** The text of a reading without the name of its gate, which stands above it. */
export function readingText({ gate, text }: GateReading): string {
  const bare = text.startsWith(`${gate}: `) ? text.slice(gate.length + 2) : text;
  return `${bare.charAt(0).toUpperCase()}${bare.slice(1)}`;
}
