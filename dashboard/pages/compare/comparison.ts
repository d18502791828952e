import type { ComparedStep, Difference, RunComparison } from '../../../contracts/run-insight.ts';
import { list, plural } from '../../format/number.ts';
import { between, duration } from '../../format/time.ts';

export type StepPair = RunComparison['steps'][number];

/** A longer or shorter time counts as a difference from this share on, and from this many seconds on. */
const [share, seconds] = [0.2, 2];

/** What differs between a step here and there, in words; empty: nothing that matters. */
export function differencesOf({ a, b, output }: StepPair): readonly string[] {
  if (!a || !b) return [a ? 'only in A' : 'only in B'];
  const isSlower = Math.abs((a.seconds ?? 0) - (b.seconds ?? 0)) > Math.max(seconds, share * (a.seconds ?? 0));
  const parts = [
    a.status !== b.status && 'state',
    a.codeVersion !== b.codeVersion && 'code',
    metricNames(a, b).some((name) => a.metrics[name] !== b.metrics[name]) && 'metrics',
    output && output.length > 0 && 'output',
    isSlower && 'time',
    a.cached !== b.cached && 'step cache',
  ];
  return parts.filter((part): part is string => typeof part === 'string');
}

/** Names of the metrics of either, those of A first. */
export const metricNames = (a: ComparedStep, b: ComparedStep): readonly string[] => [
  ...new Set([...Object.keys(a.metrics), ...Object.keys(b.metrics)]),
];

const weights: Readonly<Record<string, number>> = {
  state: 16,
  'only in A': 16,
  'only in B': 16,
  code: 8,
  metrics: 4,
  time: 2,
};

/** Steps with those first that differ most; where they differ alike, in the order of the plan. */
export function byDifference(steps: readonly StepPair[]): readonly StepPair[] {
  const weight = (step: StepPair): number =>
    differencesOf(step).reduce((sum, difference) => sum + (weights[difference] ?? 1), 0);
  return steps
    .map((step, index) => ({ step, index, weight: weight(step) }))
    .sort((one, other) => other.weight - one.weight || one.index - other.index)
    .map(({ step }) => step);
}

/** How B differs from A in a sentence. @param now milliseconds since 1970, for runs that go on. */
export function answerOf({ a, b, params, plan, steps }: RunComparison, now: number): string {
  const took = (run: RunComparison['a']): number => (run.startedAt ? between(run.startedAt, run.finishedAt, now) : 0);
  const [first, second] = [took(a), took(b)];
  const change = Math.abs(second - first);
  const time =
    first === 0 || second === 0 || change < 1000
      ? ''
      : ` B took ${duration(second)}, ${duration(change)} ${second > first ? 'longer' : 'less'} than A.`;
  const state = a.status === b.status ? `Both ${a.status}.` : `A ${a.status}, B ${b.status}.`;
  const states = steps.filter((step) => step.a?.status !== step.b?.status).length;
  const changes = plan.changed.length + plan.onlyA.length + plan.onlyB.length;
  const differ = [
    params.length > 0 && plural(params.length, 'parameter'),
    !plan.same && changes > 0 && `${plural(changes, 'step')} of the plan`,
    states > 0 && `the state of ${plural(states, 'step')}`,
  ].filter((part) => part !== false);
  const what = differ.length > 0 ? ` They differ in ${list(differ)}.` : ' Parameters, plan and states are the same.';
  return `${state}${time}${what}`;
}

/** A value of a difference as text; a dash where there is none. */
export function shown(difference: Difference, side: 'a' | 'b'): string {
  const value = difference[side];
  if (value === undefined) return '–';
  return typeof value === 'string' ? value || '""' : JSON.stringify(value);
}
