import { createHash } from 'node:crypto';
import { type FieldFault, PerennialError } from '../../../contracts/errors.ts';
import { type FilledPolicy, type PolicyDefinition, PolicySchema } from '../../../contracts/policies.ts';
import type { AnyPipeline } from '../../dag/definition.ts';
import { schemaFaults, tellFaults } from '../../dag/params.ts';
import { fillPolicy } from './defaults.ts';
import { kpiKey } from './types.ts';

/** Ids that are paths of the API. */
const reserved = ['diff', 'backtest'];

/** A policy that holds, with all defaults filled in. */
export interface CheckedPolicy {
  readonly definition: FilledPolicy;
  /** sha256 of the definition. */
  readonly hash: string;
}

/** Checks a policy; VALIDATION_FAILED with every fault and its field. */
export function checkPolicy(
  given: PolicyDefinition,
  pipelines: ReadonlyMap<string, Pick<AnyPipeline, 'id' | 'params'>>,
): CheckedPolicy {
  const { faults, definition } = examinePolicy(given, pipelines);
  if (definition) return { definition, hash: createHash('sha256').update(JSON.stringify(definition)).digest('hex') };
  const { told, text } = tellFaults(faults);
  throw new PerennialError('VALIDATION_FAILED', `Policy "${given.id}": ${text}.`, {
    fields: told,
    remedy: 'Correct the fields named; nothing was changed.',
  });
}

/** The faults of a policy, each with its field; or the policy with its defaults when there are none. */
export function examinePolicy(
  given: PolicyDefinition,
  pipelines: ReadonlyMap<string, Pick<AnyPipeline, 'id' | 'params'>>,
): { faults: FieldFault[]; definition?: FilledPolicy } {
  const faults = schemaFaults(PolicySchema, given);
  if (faults.length > 0) return { faults };
  const fault = (field: string, value: FieldFault['value'], message: string): void => {
    faults.push({ field, ...(value === undefined ? {} : { value }), message });
  };
  const pipeline = pipelines.get(given.pipeline);
  const known = Object.keys(pipeline?.params.properties ?? {});
  // Without a way to keep a challenger from promoting itself, drift alone trains none.
  const unsafe = given.drift === undefined && given.training?.challenger === undefined && !known.includes('promote');
  const definition = fillPolicy(unsafe ? { ...given, drift: null } : given);
  if (reserved.includes(given.id)) fault('id', given.id, 'is taken by the API itself');
  if (given.model.split('*').length > 2) fault('model', given.model, 'has more than one *');
  if (!pipeline)
    fault('pipeline', given.pipeline, `is not a pipeline here; there are ${[...pipelines.keys()].join(', ')}`);
  const { params, challenger } = definition.training;
  const fields = { 'training.params': params, ...(definition.drift ? { 'training.challenger': challenger } : {}) };
  for (const [field, values] of Object.entries(fields))
    for (const name of Object.keys(values))
      if (pipeline && !known.includes(name))
        fault(
          `${field}.${name}`,
          values[name],
          `is not a parameter of "${given.pipeline}"; there are ${known.join(', ')}`,
        );
  const keys = definition.kpis.map(kpiKey);
  for (const key of new Set(keys))
    if (keys.indexOf(key) !== keys.lastIndexOf(key)) fault('kpis', key, 'is watched twice');
  return faults.length > 0 ? { faults } : { faults, definition };
}
