import type { Command } from 'commander';
import { expect, it } from 'vitest';
import { buildApp } from '../../api/app.ts';
import type { AppDependencies } from '../../api/dependencies.ts';
import { answersFinder } from '../../api/plugins/answers.ts';
import { buildProgram } from '../../cli/program.ts';
import { settingHelp } from '../../config/index.ts';
import { errorKinds } from '../../contracts/errors.ts';
import { slugOf } from '../../docs/.vitepress/slug.ts';
import { graphs } from '../../pipelines/graphs.ts';
import { answerParts, typeSections, typesPage } from './answer-tables.ts';
import { answerTypes } from './answer-types.ts';
import { code, pageOf, table } from './markdown-tables.ts';
import { fieldRows, type Schema, typeText } from './schema-fields.ts';
import { namedCodes, thrownErrors } from './thrown-errors.ts';

// The reference pages are what the code says. After a change: npm test -- test/docs -u
const page = (name: string): string => `../../docs/reference/${name}.md`;

function commandSection(command: Command, path: string): string[] {
  const args = command.registeredArguments.map((a) => (a.required ? `<${a.name()}>` : `[${a.name()}]`));
  const options = command.options.map((o) => [
    `\`${o.flags}\``,
    [
      o.description,
      o.defaultValue === undefined || typeof o.defaultValue === 'object' ? '' : `default ${o.defaultValue}`,
    ]
      .filter(Boolean)
      .join('; '),
  ]);
  const own = [
    `## ${[path, ...args].join(' ')}`,
    `${command.description()}.`,
    ...(options.length > 0 ? [table(['option', 'meaning'], options)] : []),
  ];
  const below = command.commands.flatMap((c) => commandSection(c, `${path} ${c.name()}`));
  return command.commands.length > 0 ? below : [...own, ...below];
}

it('describes every command and option', async () => {
  const sections = buildProgram().commands.flatMap((c) => commandSection(c, `perennial ${c.name()}`));
  const text = [
    '# The command',
    'Every command takes `--json`: the result is then one JSON document on standard output. What is on the way goes to standard error.',
    'Exit codes: 0 done, 1 failed, 2 wrong use or bad data, 3 cancelled, 4 a server or file is not available.',
    'It talks to `PERENNIAL_URL`, else to the installation that runs on `PERENNIAL_HOME` (`perennial up`), else to servers it starts and stops.',
    ...sections,
  ].join('\n\n');
  await expect(`${text}\n`).toMatchFileSnapshot(page('cli'));
});

interface Operation {
  readonly summary?: string;
  readonly description?: string;
  readonly tags?: readonly string[];
  readonly parameters?: readonly {
    name: string;
    in: string;
    required?: boolean;
    description?: string;
    schema: Schema;
  }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema?: Schema }>> };
  readonly 'x-role'?: string;
}

/** What a route takes, of the address and headers, then of the body; and what it answers with. */
function routeSection(route: string, operation: Operation, answers: Readonly<Record<string, Schema | null>>): string[] {
  const { summary = '', description, parameters = [], requestBody, 'x-role': role } = operation;
  const rows = parameters.map(({ name, in: where, required, description, schema }) => [
    code(name),
    where,
    code(typeText(schema)),
    schema.default === undefined ? (required ? 'needed' : '') : code(JSON.stringify(schema.default)),
    description ?? schema.description ?? '',
  ]);
  const bodies = Object.entries(requestBody?.content ?? {}).map(([type, { schema = {} }]) => {
    const fields = table(['field of the body', 'type', 'default', 'meaning'], fieldRows(schema));
    return fields || `Body: ${code(type)}${schema.description ? `, ${schema.description}` : ''}`;
  });
  return [
    `### ${route}`,
    `${summary}. ${role ? `Role: ${role}.` : 'Open to all.'}${description ? ` ${description}` : ''}`,
    table(['parameter', 'in', 'type', 'default', 'meaning'], rows),
    ...new Set(bodies),
    ...answerParts(answers),
  ];
}

// The compiler reads the whole code for it.
it('describes every route, and what it answers with', { timeout: 120_000 }, async () => {
  const { routes: answers, schemas } = answerTypes();
  await expect(answersFile(answers, schemas)).toMatchFileSnapshot('../../api/generated/answers.ts');
  const answersOf = answersFinder(answers);
  const deps = { pipelines: new Map(), graphs, bodyLimit: 1024, rateLimit: 1, logLevel: 'silent', checks: {} };
  const app = await buildApp(deps as unknown as AppDependencies);
  const { paths = {} } = app.swagger();
  await app.close();
  const routes = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods as Record<string, Operation>).map(
      ([method, operation]) => [`${method.toUpperCase()} ${path}`, operation] as const,
    ),
  );
  const tags = [...new Set(routes.map(([, { tags = [] }]) => tags[0] ?? 'others'))];
  const text = pageOf([
    '# The HTTP API',
    'A running API describes itself at `/docs` (OpenAPI at `/docs/json`), where routes can be tried. Send a key as `authorization: Bearer prn_…`.',
    'A viewer reads; an operator also starts, cancels and promotes; an admin also manages keys. Lists come in pages: send `next` of a page as `cursor` for the one after it. A route that starts something takes an `idempotency-key`: the same key again, after a connection that broke, gives the answer of the first.',
    'Every error is a problem document (RFC 9457): `title`, `status`, `detail`, `code`, `remedy`, `traceId`, and `errors` with the fields at fault. [All codes](errors.md)',
    `What is answered is JSON unless said otherwise; [types that several routes answer with](${typesPage}) stand on a page of their own. A field whose name ends in \`?\` may be absent.`,
    ...tags.flatMap((tag) => [
      `## ${tag}`,
      ...routes
        .filter(([, { tags = [] }]) => (tags[0] ?? 'others') === tag)
        .flatMap(([route, operation]) => routeSection(route, operation, answersOf(route) ?? {})),
    ]),
  ]);
  await expect(text).toMatchFileSnapshot(page('api'));
  const types = pageOf([
    '# Types of the HTTP API',
    'What [the routes](api.md) answer with, by name. A field whose name ends in `?` may be absent. A time is ISO 8601 in UTC, a day `2026-11-23`; names ending in `Ms` are milliseconds, in `Seconds` seconds, shares are between 0 and 1. The OpenAPI document at `/docs/json` has the same types, for programs that make clients of it.',
    ...typeSections(schemas),
  ]);
  await expect(types).toMatchFileSnapshot(page('api-types'));
  expect(routes.map(([route]) => route).filter((route) => !answersOf(route))).toEqual([]);
});

/** A line for each route and each type, so that a change of one is a change of a line. */
function answersFile(
  routes: ReadonlyMap<string, Readonly<Record<string, Schema | null>>>,
  schemas: ReadonlyMap<string, Schema>,
): string {
  const lines = (entries: ReadonlyMap<string, unknown>): string =>
    [...entries]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, value]) => `  ${JSON.stringify(name)}: ${JSON.stringify(value)},\n`)
      .join('');
  return [
    '// Made from the types of the code: npm test -- test/docs -u\n\n',
    '/** What routes answer with, by status; `*` stands for what is known only when they are made. */\n',
    `export const answers: Readonly<Record<string, Readonly<Record<string, object | null>>>> = {\n${lines(routes)}};\n\n`,
    '/** Types that answers are made of, by name. */\n',
    `export const schemas: Readonly<Record<string, object>> = {\n${lines(schemas)}};\n`,
  ].join('');
}

it('describes every error: its code, and what is said and to be done where it is made', async () => {
  const thrown = thrownErrors();
  const text = pageOf([
    '# Errors',
    'An error has a code, which stays the same over versions, a message that names what is wrong with which value, and a remedy. The same error stands in the record of a step or run, in a problem document of [the API](api.md), and behind a command, whose exit code is 2 where the caller is at fault, 4 where a server or file is not available, else 1.',
    table(
      ['code', 'status', 'fault of', 'may work later', 'title'],
      Object.entries(errorKinds).map(([name, { status, fault, retry, title }]) => [
        `[\`${name}\`](#${slugOf(name)})`,
        String(status),
        fault,
        retry ? 'yes' : 'no',
        title,
      ]),
    ),
    'Where the code may work later by itself, a step is tried again as its `retry` says. Below stands what is said and what to do, with … for what is known only then.',
    ...Object.entries(errorKinds).flatMap(([name, { title }]) => [
      `## ${name}`,
      `${title}.`,
      table(
        ['message', 'what to do'],
        thrown.filter((t) => t.code === name).map(({ message, remedy }) => [message, remedy]),
      ),
    ]),
  ]);
  await expect(text).toMatchFileSnapshot(page('errors'));
});

it('has no error code that nothing raises', () => {
  const codes = Object.keys(errorKinds);
  const named = namedCodes(codes);
  expect(codes.filter((name) => !named.has(name))).toEqual([]);
});

it('describes every setting', async () => {
  const text = [
    '# Settings',
    'All come from the environment. Faults are reported together at the start; unknown `PERENNIAL_` names are refused.',
    table(
      ['name', 'meaning'],
      settingHelp.map(({ env, help }) => [`\`${env}\``, help]),
    ),
  ].join('\n\n');
  await expect(`${text}\n`).toMatchFileSnapshot(page('settings'));
});
