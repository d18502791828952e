import type { DecisionOccasion, DecisionShown, RetrainingDecision } from '../../../contracts/decisions.ts';
import type { Json, JsonObject } from '../../../contracts/json.ts';
import type { ModelVersion } from '../../../contracts/models.ts';
import type { FilledPolicy } from '../../../contracts/policies.ts';
import { scopeOf } from '../../../contracts/retraining.ts';
import type { ModelRepository } from '../../ports/models.ts';
import type { DecisionRepository } from '../../ports/results.ts';
import type { StoredTraining, TrainingHistory } from '../../ports/retraining.ts';
import { dayNumber } from '../days.ts';
import { evaluatePolicy } from './evaluate.ts';
import { loadObservations, type ObservationDeps } from './observe.ts';
import { inItsTime, replayedDays } from './past.ts';
import type { Evaluation, RetrainingInputs } from './types.ts';

/** Past trainings that are looked at, and values of each series that a decision keeps. */
const keptTrainings = 50;
const keptValues = 10;

export interface DecideDeps extends ObservationDeps {
  readonly decisions: Pick<DecisionRepository, 'save' | 'get'>;
  readonly models: Pick<ModelRepository, 'byAlias'>;
  readonly trainings: TrainingHistory;
}

export interface DecisionRequest {
  readonly policy: { readonly definition: FilledPolicy; readonly version: number; readonly hash: string };
  readonly model: string;
  readonly occasion: DecisionOccasion;
  /** The run it is made in, or for. */
  readonly runId: string | null;
  readonly at: Date;
  /** Data of days before it count; YYYY-MM-DD. */
  readonly day: string;
  /** Parameters that training needs beside those of the champion and the policy. */
  readonly params?: JsonObject;
}

/** The id of a decision: the same policy, model and occasion are the same decision. */
export function decisionIdOf(policy: string, model: string, { kind, ref }: DecisionOccasion): string {
  return [policy, model, ...(kind === 'daily' ? [] : [kind]), ref]
    .join('.')
    .replaceAll(/[^\w.-]/g, '-')
    .slice(0, 200);
}

/** What a policy says of a model now, without keeping it. */
export async function evaluateNow(
  deps: Omit<DecideDeps, 'decisions'>,
  { policy, model, at, day }: Pick<DecisionRequest, 'policy' | 'model' | 'at' | 'day'>,
): Promise<{ evaluation: Evaluation; inputs: RetrainingInputs; champion: ModelVersion | null }> {
  const { definition } = policy;
  const scope = scopeOf(definition.model, model) ?? '';
  const [observations, trainings, champion] = await Promise.all([
    loadObservations(deps, { definition, model, scope }, { from: day, to: day }),
    deps.trainings.trainings(model, { limit: keptTrainings }),
    deps.models.byAlias(model, 'champion'),
  ]);
  const placed = isReplayed(at, day) ? inTheirTime(trainings, at, day) : { at, trainings };
  const { version: championVersion = null } = champion ?? {};
  const inputs = { day, at: placed.at, observations, state: { championVersion, trainings: placed.trainings } };
  return { evaluation: evaluatePolicy(definition, inputs), inputs, champion };
}

/** Decides and keeps the decision with all it read; one that has been made is given as it was. */
export async function makeDecision(deps: DecideDeps, request: DecisionRequest): Promise<DecisionShown> {
  const { policy, model, occasion, runId, at, day, params = {} } = request;
  const { definition } = policy;
  const id = decisionIdOf(definition.id, model, occasion);
  const earlier = await deps.decisions.get(id);
  if (earlier) return earlier;
  const { evaluation, inputs, champion } = await evaluateNow(deps, request);
  const { verdict, summary, reasons, alert, wanted } = evaluation;
  const { id: name, ...thresholds } = definition;
  const decision: RetrainingDecision = {
    id,
    pipeline: definition.pipeline,
    model,
    runId,
    at: at.toISOString(),
    day,
    verdict,
    summary,
    reasons,
    inputs: {
      ...snapshotOf(inputs),
      wanted: [...wanted],
      // Fixed here, so that carrying the decision out again asks for the same run.
      trainingParams: { ...paramsOf(champion), ...definition.training.params, ...params },
    },
    policy: {
      name,
      version: String(policy.version),
      thresholds: { ...thresholds, hash: policy.hash } as unknown as Json,
    },
    occasion,
    alert,
  };
  await deps.decisions.save(decision);
  return (await deps.decisions.get(id)) as DecisionShown;
}

/** A run of a past day decides as it would have then: its trainings count as made at the end of their data. */
function isReplayed(at: Date, day: string): boolean {
  return Math.abs(dayNumber(at.toISOString()) - dayNumber(day)) > replayedDays;
}

function inTheirTime(
  trainings: readonly StoredTraining[],
  at: Date,
  day: string,
): { readonly at: Date; readonly trainings: StoredTraining[] } {
  const then = new Date(`${day}${at.toISOString().slice(10)}`);
  return {
    at: then,
    trainings: trainings.map(inItsTime).filter((training) => Date.parse(training.at) <= then.getTime()),
  };
}

/** What a champion was trained with. */
function paramsOf(champion: ModelVersion | null): JsonObject {
  const params = champion?.lineage['params'];
  return typeof params === 'object' && params !== null && !Array.isArray(params) ? params : {};
}

/** What a decision read, in short: the newest values of each series; the rest is stored where it came from. */
function snapshotOf({ observations, state, day }: RetrainingInputs): JsonObject {
  const { kpis, labelled, volume, findings, drift } = observations;
  const newest = (series: readonly { readonly day: string; readonly value: number }[]): Json =>
    series
      .filter((point) => point.day <= day)
      .slice(-keptValues)
      .map((point) => ({ ...point }));
  return {
    championVersion: state.championVersion,
    kpis: Object.fromEntries(Object.entries(kpis).map(([key, series]) => [key, newest(series)])),
    labelled: newest(labelled.slice(-1)),
    volume: newest(volume),
    findings: findings.slice(-keptValues).map((finding) => ({ ...finding })),
    drift: drift.slice(-keptValues).map((window) => ({ ...window })),
    trainings: state.trainings
      .slice(0, keptValues / 2)
      .map((training) => ({ ...training, rules: [...training.rules] })),
  } as JsonObject;
}
