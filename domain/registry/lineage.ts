import { Value } from 'typebox/value';
import type { Json, JsonObject } from '../../contracts/json.ts';
import { ModelLineage, type TrainedOn } from '../../contracts/models.ts';
import type { StepContext } from '../ports/step-context.ts';

/**
 * Where a version comes from that a step publishes: run, step, data, code with the versions of all steps, parameters.
 *
 * @param facts what the pipeline wants to know of it later, such as `asOf`.
 */
export function lineageOf(
  {
    runId,
    stepId,
    params,
    pipeline,
    stepVersions,
    services,
  }: Pick<StepContext<JsonObject>, 'runId' | 'stepId' | 'params' | 'pipeline' | 'stepVersions' | 'services'>,
  data: readonly TrainedOn[],
  facts: JsonObject = {},
): JsonObject {
  const code = { ...services.code, steps: { ...stepVersions } };
  return {
    pipeline,
    run: runId,
    step: stepId,
    code,
    data: data.map((part) => ({ ...part })),
    params: { ...params },
    ...facts,
  };
}

/** What is known of where a version comes from; members that are not as they should be are left out. */
export function readLineage(lineage: JsonObject): ModelLineage {
  const known = Object.entries(ModelLineage.properties).filter(
    ([name, schema]) => lineage[name] !== undefined && Value.Check(schema, lineage[name]),
  );
  return Object.fromEntries(known.map(([name]) => [name, lineage[name]])) as ModelLineage;
}

/** What the pipeline knows beside that: the plain values. */
export function factsOf(lineage: JsonObject): [string, Json][] {
  return Object.entries(lineage).filter(
    ([name, value]) => !(name in ModelLineage.properties) && (typeof value !== 'object' || value === null),
  );
}
