import type { Json, JsonObject } from '../../../../contracts/json.ts';

/** What of a JSON Schema the parameters of pipelines use. */
export interface ParamSchema {
  readonly type?: string;
  readonly description?: string;
  readonly default?: Json;
  readonly const?: Json;
  readonly anyOf?: readonly ParamSchema[];
  readonly items?: ParamSchema;
  readonly format?: string;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
  readonly exclusiveMaximum?: number;
}

export interface Param {
  readonly name: string;
  readonly schema: ParamSchema;
  /** It has no default and must be given. */
  readonly needed: boolean;
}

/** The parameters of a pipeline, as its schema has them. */
export function paramsOf(schema: object): readonly Param[] {
  const { properties = {}, required = [] } = schema as {
    readonly properties?: Readonly<Record<string, ParamSchema>>;
    readonly required?: readonly string[];
  };
  return Object.entries(properties).map(([name, param]) => ({
    name,
    schema: param,
    needed: required.includes(name) && param.default === undefined,
  }));
}

/** The values of a parameter that takes one of a few; null: it takes others too. */
export function choicesOf({ anyOf }: ParamSchema): readonly Json[] | null {
  const values = anyOf?.map((one) => one.const);
  return values?.every((value) => value !== undefined) ? (values as Json[]) : null;
}

/** What a value may be, in words: `one of auto, always, never`, `number, 0 to 1`, `list of text`. */
export function typeWords(schema: ParamSchema): string {
  const choices = choicesOf(schema);
  if (choices) return `one of ${choices.map((choice) => (choice === '' ? '(empty)' : String(choice))).join(', ')}`;
  if (schema.anyOf)
    return [...new Set(schema.anyOf.filter(({ const: value }) => value !== '').map(typeWords))].join(' or ');
  if (schema.const !== undefined) return String(schema.const);
  if (schema.format === 'date') return 'day, YYYY-MM-DD';
  if (schema.type === 'array') return `list of ${schema.items ? typeWords(schema.items) : 'values'}`;
  if (schema.type === 'boolean') return 'true or false';
  if (schema.type === 'number' || schema.type === 'integer') {
    const kind = schema.type === 'integer' ? 'whole number' : 'number';
    return `${kind}${rangeWords(schema)}`;
  }
  return schema.type === 'string' ? 'text' : 'JSON object';
}

function rangeWords({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: ParamSchema): string {
  const least = minimum ?? (exclusiveMinimum === undefined ? undefined : `over ${exclusiveMinimum}`);
  const most = maximum ?? (exclusiveMaximum === undefined ? undefined : `under ${exclusiveMaximum}`);
  if (least !== undefined && most !== undefined) return `, ${least} to ${most}`;
  if (least !== undefined) return typeof least === 'number' ? `, ${least} or more` : `, ${least}`;
  return most === undefined ? '' : `, at most ${most}`;
}

/** Typed text as a value of the parameter; text that is none stays text, and the API says what is wrong with it. */
export function readParam(schema: ParamSchema, text: string): Json {
  const choice = choicesOf(schema)?.find((value) => String(value) === text);
  if (choice !== undefined) return choice;
  const given = text.trim();
  if (schema.type === 'number' || schema.type === 'integer')
    return given !== '' && Number.isFinite(Number(given)) ? Number(given) : text;
  if (schema.type === 'boolean') return given === 'true' ? true : given === 'false' ? false : text;
  if (schema.type === 'array' && !/^[[{]/.test(given)) {
    const { items = {} } = schema;
    return given === '' ? [] : given.split(',').map((one) => readParam(items, one.trim()));
  }
  if (schema.type === 'array' || schema.type === 'object' || (schema.type === undefined && /^[[{]/.test(given)))
    try {
      return JSON.parse(given) as Json;
    } catch {
      return text;
    }
  return text;
}

/** A value as it is typed. */
export function writeParam(value: Json): string {
  if (typeof value === 'string') return value;
  const isPlain = (one: Json): boolean => typeof one !== 'object' && !String(one).includes(',');
  if (Array.isArray(value) && value.length > 0 && value.every(isPlain)) return value.join(', ');
  return JSON.stringify(value);
}

/** Parameters in a line: `asOf = {{ date }}, topK = 20`; '' without any. */
export const paramsLine = (params: JsonObject): string =>
  Object.entries(params)
    .map(([name, value]) => `${name} = ${value === '' ? '(empty)' : writeParam(value)}`)
    .join(', ');
