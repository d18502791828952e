import type { FastifySchemaCompiler } from 'fastify';
import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { Value } from 'typebox/value';
import { type FieldFault, PerennialError } from '../../contracts/errors.ts';
import { schemaFaults } from '../../domain/dag/params.ts';

const words: Readonly<Record<string, string>> = {
  querystring: 'query',
  params: 'path',
  headers: 'header',
  body: 'body',
};

/**
 * Checks a part of a request: fills in defaults, turns text of the query and path into numbers where the schema wants
 * them, and answers every fault at once. A body is taken as it stands: JSON has types of its own.
 */
export const validation: FastifySchemaCompiler<TSchema> = ({ schema, httpPart = 'body' }) => {
  const compiled = Compile(schema);
  return (given: unknown) => {
    const unstorable = findUnstorable(given);
    const completed = unstorable ? given : Value.Default(schema, given);
    const value = httpPart === 'body' || unstorable ? completed : Value.Convert(schema, completed);
    if (!unstorable && compiled.Check(value)) return { value };
    const part = words[httpPart] ?? httpPart;
    const faults = unstorable ? [unstorable] : schemaFaults(schema, value);
    const fields = faults.map((fault) => ({
      ...fault,
      field: fault.field === '' ? part : `${part}.${fault.field}`,
    }));
    const list = fields.map(
      (f) => `${f.field}${f.value === undefined ? '' : ` = ${JSON.stringify(f.value)?.slice(0, 200)}`} ${f.message}`,
    );
    return {
      error: new PerennialError('VALIDATION_FAILED', `${list.join('; ')}.`, {
        fields,
        remedy: 'See /docs for what this route takes.',
      }),
    };
  };
};

/** Deeper values would end the recursion that checks, copies and writes them. */
const maxDepth = 100;

/** The first thing in a value that cannot be stored, and where; null when there is none. */
function findUnstorable(value: unknown, path = '', depth = 0): FieldFault | null {
  if (typeof value === 'string') {
    if (value.includes('\u0000')) return { field: path, message: 'holds the character U+0000, which cannot be stored' };
    return /\p{Surrogate}/u.test(value)
      ? { field: path, message: 'holds half of a surrogate pair, which cannot be stored' }
      : null;
  }
  if (typeof value !== 'object' || value === null) return null;
  if (depth === maxDepth) {
    // The path would be as deep as the value.
    const field = path.split('.').slice(0, 3).join('.');
    return { field, message: `is nested more than ${maxDepth} levels deep` };
  }
  for (const [key, member] of Object.entries(value)) {
    const at = path === '' ? key : `${path}.${key}`;
    const found = findUnstorable(key, at.replaceAll('\u0000', '␀'), 0) ?? findUnstorable(member, at, depth + 1);
    if (found) return found;
  }
  return null;
}
