import { slugOf } from '../../docs/.vitepress/slug.ts';
import { nameIn } from './answer-types.ts';
import { code, table } from './markdown-tables.ts';
import type { Schema } from './schema-fields.ts';

/** The page on which shared types stand, from that of routes. */
export const typesPage = 'api-types.md';

/** Objects within objects are shown so deep. */
const deepest = 3;

/** A type in words, with links to those that have a name. @param page on which they stand; '' for the page itself. */
export function answerText(schema: Schema, page: string): string {
  const { $ref, anyOf, allOf, items, type, format } = schema;
  if ($ref) return `[${nameIn($ref)}](${page}#${slugOf(nameIn($ref))})`;
  if (schema.const !== undefined) return code(JSON.stringify(schema.const));
  if (schema.enum) return code(schema.enum.map((value) => JSON.stringify(value)).join(' | '));
  if (anyOf) return [...new Set(anyOf.map((one) => answerText(one, page)))].join(' or ');
  if (allOf) return allOf.map((one) => answerText(one, page)).join(' with ');
  if (type === 'array') return `list of ${answerText(items ?? {}, page)}`;
  if (schema.additionalProperties && !schema.properties)
    return `object of ${answerText(schema.additionalProperties, page)}`;
  return code(format ?? [type ?? 'any'].flat().join(' | '));
}

/** Fields as rows: name (with ? where it may be absent), type, meaning; those within as `outer.inner`, of lists as `outer[].inner`. */
function fieldsOf(schema: Schema, page: string, before = '', depth = 1): string[][] {
  const rows = Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const at = `${before}${name}`;
    const row = [
      code(schema.required?.includes(name) ? at : `${at}?`),
      answerText(field, page),
      field.description ?? '',
    ];
    const [within, mark] = field.items ? [field.items, `${at}[].`] : [field, `${at}.`];
    const objects = [within, ...(within.anyOf ?? [])].filter(({ properties }) => properties);
    const [only] = objects;
    return depth < deepest && only && objects.length === 1 ? [row, ...fieldsOf(only, page, mark, depth + 1)] : [row];
  });
  const { additionalProperties } = schema;
  return additionalProperties && rows.length > 0
    ? [
        ...rows,
        [
          `${code(before)}…`,
          answerText(additionalProperties, page),
          additionalProperties.description ?? 'The list, by its name in the address.',
        ],
      ]
    : rows;
}

/** What a route answers with, by status. */
export function answerParts(answers: Readonly<Record<string, Schema | null>>): string[] {
  const byAnswer = new Map<string, string[]>();
  for (const [status, schema] of Object.entries(answers)) {
    const same = JSON.stringify(schema);
    byAnswer.set(same, [...(byAnswer.get(same) ?? []), status]);
  }
  return [...byAnswer].flatMap(([text, statuses]) => {
    const schema = JSON.parse(text) as Schema | null;
    const status = statuses.join(' or ');
    if (schema === null) return [`Answer ${status}: ${status === '204' ? 'nothing' : 'a file, a page or a stream'}.`];
    const { $ref, allOf, items } = schema;
    const head = (more: string): string => `Answer ${status}: ${more}`;
    if ($ref) return [head(`${answerText(schema, typesPage)}.`)];
    if (allOf) {
      const [base = {}, rest = {}] = allOf;
      return [head(`${answerText(base, typesPage)}, and`), fieldTable(rest)];
    }
    if (items?.properties) return [head('a list of'), fieldTable(items)];
    const fields = fieldTable(schema);
    return fields ? [head('').trim(), fields] : [head(`${answerText(schema, typesPage)}.`)];
  });
}

const fieldTable = (schema: Schema): string =>
  table(['field of the answer', 'type', 'meaning'], fieldsOf(schema, typesPage));

/** A section for each type, by name. */
export function typeSections(schemas: ReadonlyMap<string, Schema>): string[] {
  return [...schemas]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([name, schema]) => [
      `## ${name}`,
      schema.description ?? '',
      table(['field', 'type', 'meaning'], fieldsOf(schema, '')) || `${answerText(schema, '')}.`,
    ]);
}
