import type { TSchema } from 'typebox';
import { Value } from 'typebox/value';
import type { FieldFault } from '../../contracts/errors.ts';
import { PerennialError } from '../../contracts/errors.ts';
import type { Json, JsonObject } from '../../contracts/json.ts';
import type { AnyPipeline } from './definition.ts';

/** Faults told at most: an answer for people. */
const mostFaults = 20;

/**
 * Completes parameters with their defaults and checks them.
 *
 * @returns the parameters a run is pinned to.
 * @throws PARAMETER_INVALID with up to 20 faults, each naming the parameter, the value and what is allowed.
 */
export function validateParams(pipeline: AnyPipeline, given: JsonObject): JsonObject {
  const params = Value.Default(pipeline.params, Value.Clone(given)) as JsonObject;
  const known = Object.keys(pipeline.params.properties);
  const faults: FieldFault[] = Object.keys(given)
    .filter((name) => !known.includes(name))
    .map((name) => ({
      field: name,
      value: given[name],
      message: `is not a parameter of "${pipeline.id}"; there are ${known.join(', ') || 'none'}`,
    }));
  faults.push(...schemaFaults(pipeline.params, params).filter((fault) => !faults.some((f) => f.field === fault.field)));
  if (faults.length > 0) {
    faults.splice(mostFaults);
    const list = faults.map(
      (f) => `${f.field}${f.value === undefined ? '' : ` = ${JSON.stringify(f.value).slice(0, 200)}`} ${f.message}`,
    );
    throw new PerennialError('PARAMETER_INVALID', `Parameters of "${pipeline.id}": ${list.join('; ')}.`, {
      fields: faults,
      remedy: `GET /v1/pipelines/${pipeline.id} shows the parameters with their types and defaults.`,
    });
  }
  return params;
}

/** Faults of a value against a schema, one a field, in words; field names are dotted paths. */
export function schemaFaults(schema: TSchema, value: unknown): FieldFault[] {
  const faults = new Map<string, FieldFault>();
  for (const error of Value.Errors(schema, value)) {
    // Said of each unknown property beside the error that names them all.
    if (error.keyword === 'boolean') continue;
    const { requiredProperties: missing, additionalProperties: unknown } = error.params as {
      requiredProperties?: string[];
      additionalProperties?: string[];
    };
    const names = missing ?? unknown;
    const base = error.instancePath.split('/').slice(1).join('.');
    for (const field of names?.map((name) => (base ? `${base}.${name}` : name)) ?? [base]) {
      if (faults.has(field)) continue;
      const at = names ? undefined : (Value.Pointer.Get(value, error.instancePath) as Json | undefined);
      const message = missing ? 'is required' : unknown ? 'is not known here' : error.message;
      faults.set(field, { field, ...(at === undefined ? {} : { value: at }), message });
    }
  }
  return [...faults.values()];
}
