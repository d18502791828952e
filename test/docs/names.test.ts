import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { buildProgram } from '../../cli/program.ts';
import { settingHelp } from '../../config/index.ts';
import { errorKinds } from '../../contracts/errors.ts';
import { fencesOf } from '../support/markdown.ts';
import { allPages, type Page, root } from './pages.ts';

// What pages name is there: settings, commands with their options, error codes.
const pages = allPages();
const program = buildProgram();
const settings = new Set(settingHelp.map(({ env }) => env));
/** Read before the configuration is, or by others than the processes that read it. */
const others = new Map([
  ['TENSORFLOW_WHEEL', 'setup'],
  ['S3_SERVER', 'setup'],
  ['GIT_COMMIT', 'setup'],
  ['PERENNIAL_REQUEST', 'activities'],
]);

describe('settings', () => {
  const named = (text: string): string[] =>
    [...text.matchAll(/\b(?:PERENNIAL|TEMPORAL|REDIS|DATABASE|AWS|TENSORFLOW)_[A-Z0-9_]*[A-Z0-9]\b/g)].map(
      ([name]) => name,
    );

  it.each(pages.map((page) => [page.path, page.text] as const))('that %s names are read by the code', (_path, text) => {
    expect(named(text).filter((name) => !settings.has(name) && !others.has(name))).toEqual([]);
  });

  it('that set-up and steps read beside the configuration are there too', () => {
    for (const [name, folder] of others)
      expect(
        sources(folder).some((text) => text.includes(name)),
        `${name} in ${folder}`,
      ).toBe(true);
  });
});

describe('error codes', () => {
  const compose = readFileSync(new URL('../../docker-compose.yml', import.meta.url), 'utf8');
  it.each(pages.map((page) => [page.path, page.text] as const))('that %s names are codes', (_path, text) => {
    const named = [...text.matchAll(/`([A-Z]{3,}(?:_[A-Z]+)+)`/g)].map(([, code = '']) => code);
    const known = (name: string): boolean =>
      Object.hasOwn(errorKinds, name) ||
      settings.has(name) ||
      others.has(name) ||
      compose.includes(name) ||
      /^(?:SOURCE|SAVE|EX)_/.test(name);
    expect(named.filter((name) => !known(name))).toEqual([]);
  });
});

describe('commands', () => {
  it('that the dashboard shows are there, with their options', () => {
    const shown = sources('dashboard', /\.tsx?$/).flatMap((text) =>
      [...text.matchAll(/["'`{>]perennial ([a-z][^"'`\n<]*)/g)].map(([, call = '']) =>
        call.replace(/\$\{[^}]*\}/g, 'x'),
      ),
    );
    expect(shown.length).toBeGreaterThan(10);
    expect(shown.flatMap(faultsOf)).toEqual([]);
  });

  it.each(pages.map((page) => [page.path, page] as const))('in %s are there, with their options', (_path, page) => {
    expect(calls(page).flatMap(faultsOf)).toEqual([]);
  });

  it('would be found if they were wrong', () => {
    expect(
      ['runs list', 'runs ls --limt 3', 'frobnicate', 'runs show RUN --output forecast'].flatMap(faultsOf),
    ).toEqual([
      'perennial runs list: there is no "list"',
      'perennial runs ls --limt 3: ls has no --limt',
      'perennial frobnicate: there is no "frobnicate"',
    ]);
  });

  it('are many', () => {
    expect(pages.flatMap(calls).length).toBeGreaterThan(200);
  });
});

function sources(folder: string, name = /\.(?:ts|mjs)$/): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => name.test(file))
    .map((file) => readFileSync(join(root, folder, file), 'utf8'));
}

/** Calls of the command: in fenced shell blocks and in code of sentences. */
function calls({ path, text }: Page): string[] {
  if (path.startsWith('docs/reference/') && path.endsWith('cli.md')) return [];
  const blocks = fencesOf(text)
    .filter(({ language }) => ['sh', ''].includes(language))
    .flatMap((fence) => fence.text.replace(/\\\n\s*/g, ' ').split('\n'))
    .flatMap((line) => /^\s*(?:\$ )?(?:[A-Z_]+=\S+ )*(?:bin\/)?perennial(?:\.mjs)? (.*)/.exec(line)?.slice(1) ?? []);
  const spans = [...text.matchAll(/`(?:bin\/)?perennial(?:\.mjs)? ([^`\n]+)`/g)].map(([, call = '']) => call);
  return [...blocks, ...spans];
}

/** What is wrong with a call: words that are no command, options that the command does not have. */
function faultsOf(call: string): string[] {
  const words = wordsOf(call);
  // What the code says with a name that is known only then.
  if (words[0] === '…') return [];
  let command: Command = program;
  let at = 0;
  for (; at < words.length; at++) {
    const next = command.commands.find((c) => c.name() === words[at] || c.aliases().includes(words[at] ?? ''));
    if (!next) break;
    command = next;
  }
  if (command.commands.length > 0) {
    const main = command.commands.find(
      (c) => (command as unknown as { _defaultCommandName: string })._defaultCommandName === c.name(),
    );
    const word = words[at];
    const takes = main?.registeredArguments.length ?? 0;
    if (word !== undefined && !word.startsWith('-') && takes === 0) return [`perennial ${call}: there is no "${word}"`];
    if (main) command = main;
  }
  return words
    .slice(at)
    .filter((word) => /^--?[a-z]/.test(word))
    .map((word) => word.split('=')[0] ?? '')
    .filter((flag) => !['--json', '--help', '-h'].includes(flag))
    .filter((flag) => !command.options.some((o) => o.long === flag || o.short === flag))
    .map((flag) => `perennial ${call}: ${command.name()} has no ${flag}`);
}

/** Words of a call up to a comment, a pipe or a redirect; quoted parts stay whole. */
function wordsOf(call: string): string[] {
  const [line = ''] = call.split(/\s(?:#|\||>|<|&&|;)/);
  return [...line.matchAll(/(?:"[^"]*"|'[^']*'|\S)+/g)].map(([word]) => word);
}
