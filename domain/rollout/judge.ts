import type { Gate, GateReading, RolloutPlan } from '../../contracts/rollouts.ts';
import { type GatesEvidence, noGateEvidence, readGate } from './gates.ts';

/** Chances below which a gate is taken to be harmed, and not to be. */
export function limitsOf({ gates, steps, falseAlarms, misses }: RolloutPlan): {
  readonly falseAlarm: number;
  readonly miss: number;
} {
  return { falseAlarm: falseAlarms / (steps.length * gates.length), miss: misses };
}

export interface StepJudgement {
  readonly verdict: 'roll-back' | 'go-on' | 'wait' | 'inconclusive';
  readonly readings: readonly GateReading[];
  /** In a sentence. */
  readonly reason: string;
}

/**
 * What becomes of a step after so many seconds. A gate that shows the candidate worse than tolerated ends the rollout; a step ends well when
 * every gate that it waits for has ruled harm out. The chance of false alarms is shared by all gates of all steps; a miss needs no sharing, since a
 * harmful candidate must pass the very gate that it harms.
 */
export function judgeStep(plan: RolloutPlan, step: number, evidence: GatesEvidence, seconds: number): StepJudgement {
  const { gates, steps } = plan;
  const limits = limitsOf(plan);
  const readings = gates.map((gate) => readGate(gate, evidence[gate.name] ?? noGateEvidence, limits));
  const worse = readings.filter(({ state }) => state === 'worse');
  if (worse.length > 0) return { verdict: 'roll-back', readings, reason: worse.map(({ text }) => text).join(' ') };
  const { minSeconds, maxSeconds } = steps[step] as RolloutPlan['steps'][number];
  const isAwaited = ({ optional, guardOnly }: Gate, count: number): boolean => !guardOnly && (count > 0 || !optional);
  const open = readings.filter(({ state, count }, i) => state === 'open' && isAwaited(gates[i] as Gate, count));
  if (open.length === 0 && seconds >= minSeconds)
    return { verdict: 'go-on', readings, reason: `No gate is harmed: ${readings.map(({ text }) => text).join(' ')}` };
  if (open.length > 0 && seconds >= maxSeconds)
    return {
      verdict: 'inconclusive',
      readings,
      reason: `After ${Math.round(seconds)} s of at most ${maxSeconds} s it is still open: ${open.map(({ text }) => text).join(' ')}`,
    };
  const waitsFor = open.length > 0 ? open.map(({ text }) => text).join(' ') : `its ${minSeconds} s to pass.`;
  return { verdict: 'wait', readings, reason: `The step waits for ${waitsFor}` };
}
