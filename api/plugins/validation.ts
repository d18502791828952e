import type { FastifySchemaCompiler } from 'fastify';
import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { Value } from 'typebox/value';
import { PerennialError } from '../../contracts/errors.ts';
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
    const completed = Value.Default(schema, given);
    const value = httpPart === 'body' ? completed : Value.Convert(schema, completed);
    const nul = findNul(value);
    if (nul === null && compiled.Check(value)) return { value };
    const part = words[httpPart] ?? httpPart;
    const faults =
      nul === null
        ? schemaFaults(schema, value)
        : [{ field: nul, message: 'holds the character U+0000, which cannot be stored' }];
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

/** Path of the first text with a NUL, which PostgreSQL stores nowhere; null when there is none. */
function findNul(value: unknown, path = ''): string | null {
  if (typeof value === 'string') return value.includes('\u0000') ? path : null;
  if (typeof value !== 'object' || value === null) return null;
  for (const [key, member] of Object.entries(value)) {
    const at = path === '' ? key : `${path}.${key}`;
    const found = key.includes('\u0000') ? at.replaceAll('\u0000', '␀') : findNul(member, at);
    if (found !== null) return found;
  }
  return null;
}
