import { type FieldFault, PerennialError } from '../../contracts/errors.ts';
import {
  type Gate,
  type GateKind,
  type InconclusiveAction,
  inconclusiveActions,
  type RolloutPlan,
  type RolloutStep,
} from '../../contracts/rollouts.ts';
import type { ModelKind } from '../registry/kinds.ts';

const minute = 60;
const hour = 3600;

/** Failures and times: what every model has. Tolerances are what users do not notice. */
const commonGates: readonly Gate[] = [
  { name: 'errors', kind: 'errors', tolerated: 0.001, harmful: 0.01 },
  { name: 'latency', kind: 'latency', tolerated: 1.1, harmful: 1.5 },
];

/**
 * Shadow, 5 %, 25 %, all. Steps take a minute to five at least, since some faults (memory, caches) take time to show, and four hours
 * at most; then people are asked.
 */
export const defaultPlan: RolloutPlan = {
  steps: [
    { share: 0, minSeconds: minute, maxSeconds: 4 * hour },
    { share: 0.05, minSeconds: 5 * minute, maxSeconds: 4 * hour },
    { share: 0.25, minSeconds: 5 * minute, maxSeconds: 4 * hour },
    { share: 1, minSeconds: 5 * minute, maxSeconds: 4 * hour },
  ],
  gates: commonGates,
  falseAlarms: 0.05,
  misses: 0.05,
  onInconclusive: 'pause',
  comparedPerSecond: 10,
};

/** The bounds of a gate's unit: what is none, and what is most. */
const unitOf: Readonly<Record<GateKind, { readonly none: number; readonly most: number; readonly unit: string }>> = {
  errors: { none: 0, most: 1, unit: 'a share of requests' },
  latency: { none: 1, most: 16, unit: 'a ratio of times' },
  score: { none: 0, most: 1, unit: 'points of a score from 0 to 1' },
  level: { none: 0, most: 1, unit: 'points of a score from 0 to 1' },
};

/**
 * The plan for a model of a kind, with the defaults for what is not given. Lists of a market are made by one version: their steps have
 * a share of 0 or 1, and may end with 0, after which the candidate makes the lists.
 *
 * @param kind null: that of a model that answers callers.
 * @throws VALIDATION_FAILED naming each field that does not hold: steps whose shares fall or that don't end with all callers, times that
 * contradict each other, gates without a name of their own or whose bounds do not follow each other, chances that are none.
 */
export function planOf(kind: ModelKind | null, given: Partial<RolloutPlan>): RolloutPlan {
  const plan: RolloutPlan = { ...defaultPlan, ...kind?.rollout, ...given };
  const steps = kind?.makesLists ? listStepFaults(plan.steps) : stepFaults(plan.steps);
  const faults = [...timeFaults(plan.steps), ...steps, ...gateFaults(plan.gates)];
  for (const field of ['falseAlarms', 'misses'] as const)
    if (!(plan[field] > 0 && plan[field] < 1))
      faults.push({ field, value: plan[field], message: 'must be a chance between 0 and 1, such as 0.05' });
  if (!(plan.comparedPerSecond > 0))
    faults.push({ field: 'comparedPerSecond', value: plan.comparedPerSecond, message: 'must be more than 0' });
  if (!inconclusiveActions.includes(plan.onInconclusive as InconclusiveAction))
    faults.push({
      field: 'onInconclusive',
      value: plan.onInconclusive,
      message: `must be one of ${inconclusiveActions.join(', ')}`,
    });
  if (faults.length === 0) return plan;
  throw new PerennialError(
    'VALIDATION_FAILED',
    `The plan of the rollout does not hold: ${faults.map(({ field, message }) => `${field} ${message}`).join('; ')}.`,
    {
      fields: faults,
      remedy: 'Correct the fields named, or leave them out for the defaults.',
    },
  );
}

function* timeFaults(steps: readonly RolloutStep[]): Generator<FieldFault> {
  if (steps.length === 0 || steps.length > 20)
    yield { field: 'steps', value: steps.length, message: 'must be 1 to 20 steps' };
  for (const [i, { minSeconds, maxSeconds }] of steps.entries())
    if (!(minSeconds >= 0 && maxSeconds >= minSeconds && maxSeconds > 0))
      yield {
        field: `steps[${i}].maxSeconds`,
        value: maxSeconds,
        message: `must be more than 0 and at least minSeconds, ${minSeconds}`,
      };
}

function* stepFaults(steps: readonly RolloutStep[]): Generator<FieldFault> {
  for (const [i, { share }] of steps.entries()) {
    const before = steps[i - 1]?.share ?? 0;
    if (!(share >= before && share <= 1))
      yield { field: `steps[${i}].share`, value: share, message: `must be ${before} to 1: shares never fall` };
  }
  const last = steps.at(-1)?.share;
  if (last !== undefined && last < 1)
    yield {
      field: `steps[${steps.length - 1}].share`,
      value: last,
      message: 'must be 1: a rollout ends with all callers',
    };
}

function* listStepFaults(steps: readonly RolloutStep[]): Generator<FieldFault> {
  for (const [i, { share }] of steps.entries())
    if (!(share === 1 || (share === 0 && (steps[i - 1]?.share ?? 0) === 0)))
      yield {
        field: `steps[${i}].share`,
        value: share,
        message: 'must be 0 or 1, 0 first: the lists of a market are made by one version',
      };
}

function* gateFaults(gates: readonly Gate[]): Generator<FieldFault> {
  if (gates.length === 0) yield { field: 'gates', value: [], message: 'must have a gate' };
  const names = new Set<string>();
  for (const [i, { name, kind, tolerated, harmful, expected }] of gates.entries()) {
    const field = `gates[${i}]`;
    if (names.has(name)) yield { field: `${field}.name`, value: name, message: 'is there twice' };
    names.add(name);
    const { none, most, unit } = unitOf[kind];
    if (!(tolerated >= none && tolerated < harmful && harmful < most))
      yield {
        field: `${field}.harmful`,
        value: harmful,
        message: `must be ${unit} above tolerated, ${tolerated}, which is at least ${none}, and below ${most}`,
      };
    if ((kind === 'level') !== (expected !== undefined) || (expected !== undefined && !(expected > 0 && expected <= 1)))
      yield {
        field: `${field}.expected`,
        value: expected ?? null,
        message: 'must be a score above 0 and at most 1 for the kind level, and not be given for others',
      };
  }
}
