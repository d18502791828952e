import type { TSchema } from 'typebox';
import { Value } from 'typebox/value';
import type { FieldFault } from '../../contracts/errors.ts';
import { PerennialError } from '../../contracts/errors.ts';
import type { Json, JsonObject } from '../../contracts/json.ts';
import { shownLocation } from '../../contracts/source-location.ts';
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
    const { told, text } = tellFaults(faults);
    throw new PerennialError('PARAMETER_INVALID', `Parameters of "${pipeline.id}": ${text}.`, {
      fields: told,
      remedy: `GET /v1/pipelines/${pipeline.id} shows the parameters with their types and defaults.`,
    });
  }
  return params;
}

/** The first 20 faults, and the same in one text: field, value and what is wrong with it. */
export function tellFaults(faults: readonly FieldFault[]): { told: FieldFault[]; text: string } {
  const told = faults.slice(0, mostFaults);
  const list = told.map(
    (f) => `${f.field}${f.value === undefined ? '' : ` = ${JSON.stringify(f.value).slice(0, 200)}`} ${f.message}`,
  );
  return { told, text: list.join('; ') };
}

/** Faults of a value against a schema, one a field, in words; field names are dotted paths. */
export function schemaFaults(schema: TSchema, value: unknown): FieldFault[] {
  const faults = new Map<string, FieldFault>();
  for (const error of tellingErrors(Value.Errors(schema, value))) {
    const { requiredProperties: missing, additionalProperties: unknown } = error.params as {
      requiredProperties?: string[];
      additionalProperties?: string[];
    };
    const names = missing ?? unknown;
    const base = error.instancePath.split('/').slice(1).join('.');
    for (const field of names?.map((name) => (base ? `${base}.${name}` : name)) ?? [base]) {
      if (faults.has(field)) continue;
      const at = names ? undefined : withoutSecret(Value.Pointer.Get(value, error.instancePath) as Json | undefined);
      const message = missing ? 'is required' : unknown ? 'is not known here' : error.message;
      faults.set(field, { field, ...(at === undefined ? {} : { value: at }), message });
    }
  }
  return [...faults.values()];
}

type SchemaError = ReturnType<typeof Value.Errors>[number];

/**
 * Errors that help whoever wrote the value: of a union only those of the one branch that is meant, by the kind of value
 * given, and where none is meant the kinds and values there are.
 */
function tellingErrors(all: readonly SchemaError[]): SchemaError[] {
  // Said of each unknown property beside the error that names them all.
  let errors = all.filter(({ keyword }) => keyword !== 'boolean');
  for (const union of errors.filter(({ keyword }) => keyword === 'anyOf')) {
    const prefix = `${union.schemaPath}/anyOf/`;
    const branchOf = (error: SchemaError): string | undefined =>
      error.schemaPath.startsWith(prefix) ? error.schemaPath.slice(prefix.length).split('/')[0] : undefined;
    const below = errors.filter((error) => branchOf(error) !== undefined);
    const strange = below.filter(
      ({ keyword, instancePath }) => instancePath === union.instancePath && (keyword === 'type' || keyword === 'const'),
    );
    const strangers = new Set(strange.map(branchOf));
    const meant = new Set(below.map(branchOf).filter((branch) => !strangers.has(branch)));
    if (meant.size === 1) {
      errors = errors.filter((error) => error !== union && !strangers.has(branchOf(error)));
    } else if (meant.size === 0) {
      const values = strange.filter(({ keyword }) => keyword === 'const');
      const fixed = new Set(values.map(branchOf));
      const types = strange.filter((error) => error.keyword === 'type' && !fixed.has(branchOf(error)));
      const kinds = [
        ...types.map(({ params }) => `of type ${String((params as { type?: unknown }).type)}`),
        ...values.map(({ params }) => JSON.stringify((params as { allowedValue?: unknown }).allowedValue)),
      ];
      errors = errors.flatMap((error) => {
        if (error === union) return [{ ...union, message: `must be ${kinds.join(' or ')}` }];
        return branchOf(error) === undefined ? [error] : [];
      });
    }
  }
  return errors;
}

/** Faults are kept and shown: an address in them loses the password it should not have had. */
function withoutSecret(value: Json | undefined): Json | undefined {
  return typeof value === 'string' ? shownLocation(value) : value;
}
