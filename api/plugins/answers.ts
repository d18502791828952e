import { STATUS_CODES } from 'node:http';
import { answers, schemas } from '../generated/answers.ts';

type Answers = Readonly<Record<string, object | null>>;

/**
 * Finds what a route answers with, by `GET /v1/runs/{id}`: an address whose parts are known only when routes are made
 * stands as a pattern, and the one with the fewest unknown parts counts.
 */
export function answersFinder<T extends object>(
  routes: Iterable<readonly [string, T]>,
): (route: string) => T | undefined {
  const patterns = [...routes]
    .map(([name, found]) => ({
      found,
      unknown: name.endsWith(' *') ? Infinity : name.split('*').length,
      pattern: patternOf(name),
    }))
    .sort((a, b) => (a.unknown < b.unknown ? -1 : 1));
  return (route) => patterns.find(({ pattern }) => pattern.test(route.replace(/\{(\w+)\}/g, ':$1')))?.found;
}

function patternOf(name: string): RegExp {
  // A whole address that is not known.
  if (name.endsWith(' *')) return new RegExp(`^${name.slice(0, -1)}/v1/`);
  return new RegExp(`^${name.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '[^/]+')}$`);
}

/** The parts of an OpenAPI document that answers are put into. */
interface Document {
  readonly components?: { schemas?: object };
  readonly paths?: Readonly<Record<string, object | undefined>>;
}

const problem = {
  description: 'A problem document (RFC 9457)',
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/ProblemDocument' } } },
};

const problemDocument = {
  type: 'object',
  properties: {
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string', description: 'What is wrong with which value.' },
    code: { type: 'string', description: 'Stays the same over versions.' },
    remedy: { type: 'string', description: 'What to do.' },
    traceId: { type: 'string', description: 'Finds the request in logs and traces.' },
    errors: {
      type: 'array',
      description: 'The fields at fault.',
      items: { type: 'object', properties: { field: { type: 'string' }, message: { type: 'string' }, value: {} } },
    },
  },
  required: ['title', 'status', 'code'],
};

/** Puts what routes answer with into an OpenAPI document. */
export function withAnswers<T extends Document>(document: T): T {
  const find = answersFinder(Object.entries(answers));
  const paths = Object.entries(document.paths ?? {}).map(([path, methods = {}]) => [
    path,
    Object.fromEntries(
      Object.entries(methods as Record<string, object>).map(([method, operation]) => {
        const found = find(`${method.toUpperCase()} ${path}`);
        return [method, found ? { ...operation, responses: responsesOf(found) } : operation];
      }),
    ),
  ]);
  const components = {
    ...document.components,
    schemas: { ...document.components?.schemas, ...schemas, ProblemDocument: problemDocument },
  };
  return { ...document, paths: Object.fromEntries(paths), components };
}

function responsesOf(found: Answers): object {
  const responses = Object.entries(found).map(([status, schema]) => [
    status,
    {
      description: STATUS_CODES[status] ?? status,
      ...(schema === null ? {} : { content: { 'application/json': { schema } } }),
    },
  ]);
  return { ...Object.fromEntries(responses), default: problem };
}
