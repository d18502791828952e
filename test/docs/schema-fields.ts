import { code } from './markdown-tables.ts';

/** What is read of a JSON Schema. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly default?: unknown;
  readonly const?: string | number | boolean | null;
  readonly enum?: readonly (string | number | boolean | null)[];
  readonly anyOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly format?: string;
}

/** Objects within objects are shown so deep. */
const deepest = 3;

/** Type of a schema in a word or two: its values where there are few. */
export function typeText(schema: Schema): string {
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
  const either = schema.anyOf ?? schema.allOf;
  if (either) return [...new Set(either.map(typeText))].join(' | ');
  if (schema.type === 'array') {
    const item = typeText(schema.items ?? {});
    return item.includes(' ') ? `(${item})[]` : `${item}[]`;
  }
  const { minimum, maximum } = schema;
  const range = minimum === undefined && maximum === undefined ? '' : ` ${minimum ?? '…'} to ${maximum ?? '…'}`;
  const type = [schema.type ?? 'any'].flat().join(' | ');
  return `${type === 'string' && schema.format ? schema.format : type}${range}`;
}

/** Fields of an object's schema as rows: name, type, default, meaning; those within as `outer.inner`, of lists as `outer[].inner`. */
export function fieldRows(schema: Schema, before = '', depth = 1): string[][] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const at = `${before}${name}`;
    const isNeeded = schema.required?.includes(name) && field.default === undefined;
    const given = field.default === undefined ? (isNeeded ? 'needed' : '') : code(JSON.stringify(field.default));
    const type = typeText(field);
    const row = [code(at), type.length > 200 ? 'object' : code(type), given, field.description ?? ''];
    if (depth >= deepest) return [row];
    if (field.properties) return [row, ...fieldRows(field, `${at}.`, depth + 1)];
    if (field.items?.properties) return [row, ...fieldRows(field.items, `${at}[].`, depth + 1)];
    return [row];
  });
}
