import type { Json, JsonObject } from '../../../../contracts/json.ts';
import { count } from '../../../format/number.ts';
import { readTyped, type SchemaField, shownIn } from '../../../ui/schema-fields.ts';

/** What a parameter may be, in words: `one of auto, always, never`, `number, 0 to 1`, `list of words`. */
export function kindWords({ kind, choices, whole, numeric, minimum, maximum }: SchemaField): string {
  switch (kind) {
    case 'choice':
      return `one of ${choices.map((choice) => (choice === '' ? '(empty)' : String(choice))).join(', ')}`;
    case 'number':
      return `${whole ? 'whole number' : 'number'}${rangeWords(minimum, maximum)}`;
    case 'list':
      return numeric ? 'list of numbers' : 'list of words';
    case 'boolean':
      return 'true or false';
    default:
      return kind === 'json' ? 'JSON' : 'text';
  }
}

function rangeWords(minimum: number | undefined, maximum: number | undefined): string {
  if (minimum !== undefined && maximum !== undefined) return `, ${count(minimum)} to ${count(maximum)}`;
  if (minimum !== undefined) return `, ${count(minimum)} or more`;
  return maximum === undefined ? '' : `, at most ${count(maximum)}`;
}

/**
 * Typed text as a value of a parameter. Text in `{{ }}` is worked out when the run starts, so it stays text; so does what
 * cannot be read, and the API says what is wrong with it.
 */
export function readParam(field: SchemaField, text: string): Json {
  if (text.includes('{{')) return text;
  const { values, faults } = readTyped([{ ...field, default: undefined, required: false }], { [field.name]: text });
  return faults[field.name] === undefined ? (values[field.name] ?? '') : text;
}

/** A value as it is typed; text in `{{ }}` as it stands. */
export const writeParam = (field: SchemaField, value: Json | undefined): string =>
  typeof value === 'string' ? value : shownIn(field, value);

/** Parameters in a line: `asOf = {{ date }}, topK = 20`; '' without any. */
export const paramsLine = (params: JsonObject): string =>
  Object.entries(params)
    .map(([name, value]) => {
      const text = typeof value === 'string' ? value : Array.isArray(value) ? value.join(', ') : JSON.stringify(value);
      return `${name} = ${text === '' ? '(empty)' : text}`;
    })
    .join(', ');
