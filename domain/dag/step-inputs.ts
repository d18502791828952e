import type { Static, TSchema } from 'typebox';
import { PerennialError } from '../../contracts/errors.ts';
import type { Json } from '../../contracts/json.ts';
import { schemaFaults } from './params.ts';

/** The output of a needed step, checked; null when that step was skipped. */
export function optionalInput<Schema extends TSchema>(
  inputs: Readonly<Record<string, Json>>,
  step: string,
  schema: Schema,
): Static<Schema> | null {
  const value = inputs[step];
  if (value === null || value === undefined) return null;
  const faults = schemaFaults(schema, value);
  if (faults.length === 0) return value as Static<Schema>;
  throw new PerennialError(
    'STEP_FAILED',
    `The output of step "${step}" does not fit: ${faults.map((f) => `${f.field} ${f.message}`).join('; ')}.`,
    {
      remedy: 'The run was made by other code; start a new one.',
    },
  );
}

/** The output of a needed step that must have run. */
export function input<Schema extends TSchema>(
  inputs: Readonly<Record<string, Json>>,
  step: string,
  schema: Schema,
): Static<Schema> {
  const value = optionalInput(inputs, step, schema);
  if (value === null)
    throw new PerennialError('STEP_FAILED', `Step "${step}" gave no output.`, { remedy: 'See that step.' });
  return value;
}

/** The outputs of a needed step that ran once for each item, by key; empty when it was skipped. */
export function itemInputs<Schema extends TSchema>(
  inputs: Readonly<Record<string, Json>>,
  step: string,
  schema: Schema,
): Record<string, Static<Schema>> {
  const items = (inputs[step] ?? {}) as Record<string, Json>;
  return Object.fromEntries(Object.keys(items).map((key) => [key, input(items, key, schema)]));
}
