import type { Json, JsonObject } from '../../contracts/json.ts';

/** A member of an object that a JSON schema describes, as a form asks for it. */
export interface SchemaField {
  readonly name: string;
  /** `list`: words or numbers with commas between; `json`: what a form has no control for. */
  readonly kind: 'text' | 'number' | 'boolean' | 'choice' | 'list' | 'json';
  readonly description: string | undefined;
  readonly default: Json | undefined;
  /** Whether it must be given: it has no default. */
  readonly required: boolean;
  readonly choices: readonly Json[];
  readonly minimum: number | undefined;
  readonly maximum: number | undefined;
  /** Numbers are whole. */
  readonly whole: boolean;
  /** Items of a list are numbers. */
  readonly numeric: boolean;
}

/** What people have typed, by names of fields. */
export type Typed = Readonly<Record<string, string>>;

const object = (value: unknown): JsonObject =>
  typeof value === 'object' && value !== null ? (value as JsonObject) : {};

/** The members of an object schema: those that must be given first, each group in the order of the schema. */
export function fieldsOf(schema: JsonObject): readonly SchemaField[] {
  const required = new Set((schema['required'] ?? []) as readonly string[]);
  const fields = Object.entries(object(schema['properties'])).map(([name, member]) =>
    fieldOf(name, object(member), required.has(name)),
  );
  return [...fields.filter((field) => field.required), ...fields.filter((field) => !field.required)];
}

function fieldOf(name: string, schema: JsonObject, isRequired: boolean): SchemaField {
  const choices = choicesOf(schema);
  const numberOf = (key: string): number | undefined => (typeof schema[key] === 'number' ? schema[key] : undefined);
  const items = object(schema['items'])['type'];
  return {
    ...{ name, kind: kindOf(schema, choices), default: schema['default'], choices },
    description: typeof schema['description'] === 'string' ? schema['description'] : undefined,
    required: isRequired && schema['default'] === undefined,
    ...{ minimum: numberOf('minimum'), maximum: numberOf('maximum'), whole: schema['type'] === 'integer' },
    numeric: items === 'number' || items === 'integer',
  };
}

function kindOf(schema: JsonObject, choices: readonly Json[]): SchemaField['kind'] {
  if (choices.length > 0) return 'choice';
  const { type } = schema;
  if (type === 'boolean') return 'boolean';
  if (type === 'number' || type === 'integer') return 'number';
  if (type === 'string') return 'text';
  if (type === 'array')
    return ['string', 'number', 'integer'].includes(String(object(schema['items'])['type'])) ? 'list' : 'json';
  // Text of a format, or none.
  const branches = ((schema['anyOf'] ?? []) as readonly Json[]).map(object);
  return branches.length > 0 && branches.every(({ type, const: only }) => type === 'string' || typeof only === 'string')
    ? 'text'
    : 'json';
}

function choicesOf({ enum: words, anyOf }: JsonObject): readonly Json[] {
  if (Array.isArray(words)) return words;
  const branches = Array.isArray(anyOf) ? anyOf.map(object) : [];
  return branches.length > 0 && branches.every((branch) => 'const' in branch)
    ? branches.map((branch) => branch['const'] as Json)
    : [];
}

/** A value as its control shows it. */
export function shownIn(field: SchemaField, value: Json | undefined): string {
  if (value === undefined) return '';
  if (field.kind === 'list' && Array.isArray(value)) return value.join(', ');
  if (field.kind === 'json') return JSON.stringify(value, null, 2);
  return String(value);
}

/** What the controls show for values; defaults where there are none. */
export const typedFrom = (fields: readonly SchemaField[], values: JsonObject = {}): Typed =>
  Object.fromEntries(fields.map((field) => [field.name, shownIn(field, values[field.name] ?? field.default)]));

/**
 * Reads what was typed.
 *
 * @returns values that differ from their defaults, and what could not be read by names of fields; whether values are
 * allowed the API judges.
 */
export function readTyped(
  fields: readonly SchemaField[],
  typed: Typed,
): { readonly values: JsonObject; readonly faults: Typed } {
  const values: Record<string, Json> = {};
  const faults: Record<string, string> = {};
  for (const field of fields) {
    const text = typed[field.name] ?? '';
    if (text === shownIn(field, field.default)) {
      if (field.required) faults[field.name] = 'is needed';
      continue;
    }
    const read = readOne(field, text);
    if ('fault' in read) faults[field.name] = read.fault;
    else if (read.value !== undefined) values[field.name] = read.value;
  }
  return { values, faults };
}

function readOne(field: SchemaField, text: string): { readonly value: Json | undefined } | { readonly fault: string } {
  const trimmed = text.trim();
  switch (field.kind) {
    case 'boolean':
      return { value: text === 'true' };
    case 'choice':
      return { value: field.choices.find((choice) => String(choice) === text) };
    case 'text':
      return { value: text };
    case 'number': {
      if (trimmed === '') return { value: undefined };
      const value = Number(trimmed);
      return Number.isFinite(value) ? { value } : { fault: 'is no number' };
    }
    case 'list': {
      const words = trimmed === '' ? [] : trimmed.split(',').map((word) => word.trim());
      if (!field.numeric) return { value: words };
      const numbers = words.map(Number);
      return numbers.every(Number.isFinite) ? { value: numbers } : { fault: 'has something in it that is no number' };
    }
    case 'json':
      if (trimmed === '') return { value: undefined };
      try {
        return { value: JSON.parse(trimmed) as Json };
      } catch (error) {
        return { fault: `is no JSON: ${(error as Error).message}` };
      }
  }
}
