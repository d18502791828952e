import type { Command } from 'commander';
import { expect, it } from 'vitest';
import { buildApp } from '../../api/app.ts';
import type { AppDependencies } from '../../api/dependencies.ts';
import { buildProgram } from '../../cli/program.ts';
import { settingHelp } from '../../config/index.ts';
import { errorKinds } from '../../contracts/errors.ts';
import { graphs } from '../../pipelines/graphs.ts';

// The reference pages are what the code says. After a change: npm test -- test/docs -u
const page = (name: string): string => `../../docs/reference/${name}.md`;
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');

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

it('describes every route and error', async () => {
  const deps = { pipelines: new Map(), graphs, bodyLimit: 1024, rateLimit: 1, logLevel: 'silent', checks: {} };
  const app = await buildApp(deps as unknown as AppDependencies);
  const { paths = {} } = app.swagger();
  const routes = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods as Record<string, { summary?: string }>).map(([method, { summary = '' }]) => [
      `\`${method.toUpperCase()} ${path}\``,
      summary,
    ]),
  );
  await app.close();
  const errors = Object.entries(errorKinds).map(([code, { status, fault, retry, title }]) => [
    `\`${code}\``,
    String(status),
    fault,
    retry ? 'yes' : 'no',
    title,
  ]);
  const text = [
    '# The HTTP API',
    'A running API describes itself at `/docs` (OpenAPI at `/docs/json`). Send a key as `authorization: Bearer prn_…`. Roles: viewer reads, operator also starts, cancels and promotes, admin also manages keys.',
    table(['route', 'what it does'], routes),
    '## Errors',
    'Every error is a problem document (RFC 9457): `title`, `status`, `detail`, `code`, `remedy`, `traceId`, and `errors` with the fields at fault.',
    table(['code', 'status', 'fault of', 'may work later', 'title'], errors),
  ].join('\n\n');
  await expect(`${text}\n`).toMatchFileSnapshot(page('api'));
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
