import { type Command, Option } from 'commander';
import {
  glossaryFormats,
  type MemoryEntry,
  memoryFormats,
  type ResourceRecord,
  type ResourceVersion,
  type Term,
  type VersionDiff,
} from '../../contracts/language-data.ts';
import type { ApiClient } from '../client.ts';
import { contextOf, wholeNumber } from '../command.ts';
import { withApi } from '../installation.ts';
import {
  importFile,
  importText,
  languagePair,
  pairText,
  resourcesTable,
  saveDownload,
  versionsTable,
} from '../language-data.ts';
import { type Terminal, table } from '../terminal.ts';

type Entry = MemoryEntry | Term;
type Options = Readonly<Record<string, string | number | boolean | undefined>>;

interface Kind {
  readonly singular: 'memory' | 'glossary';
  readonly plural: 'memories' | 'glossaries';
  readonly entries: 'entries' | 'terms';
  readonly what: string;
  readonly formats: readonly string[];
}

export function memoriesCommand(program: Command): void {
  const what = 'translation memories';
  languageDataCommand(program, {
    singular: 'memory',
    plural: 'memories',
    entries: 'entries',
    what,
    formats: memoryFormats,
  });
}

export function glossariesCommand(program: Command): void {
  const what = 'terms and their translations';
  languageDataCommand(program, {
    singular: 'glossary',
    plural: 'glossaries',
    entries: 'terms',
    what,
    formats: glossaryFormats,
  });
}

function languageDataCommand(program: Command, { singular, plural, entries, what, formats }: Kind): void {
  const command = program.command(plural).description(what);
  const pathOf = (id: string): string => `/v1/${plural}/${encodeURIComponent(id)}`;
  const withIt =
    (work: (api: ApiClient, terminal: Terminal, given: readonly string[], options: Options) => Promise<void>) =>
    async (...args: unknown[]): Promise<void> => {
      const called = args.at(-1) as Command;
      const { config, terminal } = contextOf(called);
      await withApi(config, terminal, (api) => work(api, terminal, called.args, args.at(-2) as Options));
    };

  command
    .command('ls', { isDefault: true })
    .description(`all ${plural}`)
    .option('--limit <n>', 'how many', wholeNumber(1, 500), 500)
    .action(
      withIt(async (api, terminal, _given, options) => {
        const found = await api.get<Record<string, ResourceRecord[]>>(`/v1/${plural}`, {
          limit: Number(options['limit']),
        });
        terminal.result(found, () => resourcesTable(singular, found[plural] ?? []));
      }),
    );

  command
    .command('show')
    .description(`a ${singular} with its versions`)
    .argument(`<${singular}>`)
    .option('--limit <n>', 'versions at most', wholeNumber(1, 500), 10)
    .action(
      withIt(async (api, terminal, [id = ''], options) => {
        const resource = await api.get<ResourceRecord>(pathOf(id));
        const page = { limit: Number(options['limit']) };
        const { versions } = await api.get<{ versions: ResourceVersion[] }>(`${pathOf(id)}/versions`, page);
        terminal.result({ ...resource, versions }, () => {
          const domain = resource.domain === '' ? '' : `, domain ${resource.domain}`;
          const head = `${resource.name} (${id}): ${pairText(resource)}${domain}, version ${resource.version}, ${resource.entries} ${entries}`;
          return `${head}\n${versionsTable(versions)}`;
        });
      }),
    );

  command
    .command('create')
    .description(`make a ${singular}, empty`)
    .argument(`<${singular}>`, 'its id: lower-case words joined by dashes')
    .requiredOption('--pair <languages>', 'such as en-de, or with regions en-US:de-AT', languagePair)
    .option('--name <name>', 'for people; default: the id')
    .option('--domain <domain>', `of ${entries} that state none`)
    .action(
      withIt(async (api, terminal, [id = ''], options) => {
        const { pair, ...more } = options as Options & { pair: unknown };
        const made = await api.post<ResourceRecord>(`/v1/${plural}`, { id, ...(pair as object), ...more });
        terminal.result(made, () => `The ${singular} ${made.id} is made: ${pairText(made)}.`);
      }),
    );

  command
    .command('import')
    .description(`bring a file into a ${singular}; the same again changes nothing`)
    .argument(`<${singular}>`)
    .argument('<file>')
    .addOption(new Option('--format <format>', 'default: by the name of the file').choices(formats))
    .addOption(
      new Option('--mode <mode>', 'replace: what the file does not have is removed').choices(['merge', 'replace']),
    )
    .option('--encoding <name>', 'such as windows-1252; default: detected')
    .option('--delimiter <character>', 'of a table; default: detected')
    .option('--fuzzy', 'of PO: take fuzzy messages')
    .action(
      withIt(async (api, terminal, [id = '', file = ''], options) => {
        const given = options as Readonly<Record<string, string | boolean | undefined>>;
        const record = await importFile(api, terminal, pathOf(id), file, given);
        terminal.result(record, () => importText(record));
      }),
    );

  command
    .command('faults')
    .description('all faults of an import, as TSV: line, reason')
    .argument(`<${singular}>`)
    .argument('<import>', 'its id')
    .option('--out <file>', 'default: standard output')
    .action(
      withIt(async (api, _terminal, [id = '', importId = ''], { out }) => {
        await saveDownload(
          api,
          `${pathOf(id)}/imports/${encodeURIComponent(importId)}/faults`,
          out as string | undefined,
        );
      }),
    );

  command
    .command('export')
    .description('write a version to a file')
    .argument(`<${singular}>`)
    .addOption(new Option('--format <format>').choices(formats).default(formats[0]))
    .option('--version <n>', 'default: the newest', wholeNumber(0))
    .option('--out <file>', 'default: standard output')
    .action(
      withIt(async (api, terminal, [id = ''], { format, version, out }) => {
        const query = new URLSearchParams({ format: String(format) });
        if (version !== undefined) query.set('version', String(version));
        await saveDownload(api, `${pathOf(id)}/export?${query}`, out as string | undefined);
        if (out !== undefined) terminal.result({ id, out }, () => `${id} is in ${out}.`);
      }),
    );

  command
    .command('search')
    .description(`find ${entries} that hold a text; capitals make no difference`)
    .argument(`<${singular}>`)
    .argument('<text>')
    .addOption(new Option('--in <side>', 'where').choices(['source', 'target', 'both']).default('both'))
    .option('--exact', 'the whole text, not a part')
    .option('--domain <domain>', 'only of this domain')
    .option('--version <n>', 'default: the newest', wholeNumber(0))
    .option('--limit <n>', 'how many', wholeNumber(1, 500), 50)
    .action(
      withIt(async (api, terminal, [id = '', q = ''], options) => {
        const query = { q, ...options } as Readonly<Record<string, string | number | undefined>>;
        const page = await api.get<Record<string, Entry[]>>(`${pathOf(id)}/${entries}`, query);
        terminal.result(page, () =>
          table(
            ['id', 'source', 'target', 'domain', 'since'],
            (page[entries] ?? []).map((e) => [e.id, e.source, e.target, e.domain, e.validFrom]),
            { empty: 'Nothing found.' },
          ),
        );
      }),
    );

  command
    .command('add')
    .description('add one, or change the one that is known by the same')
    .argument(`<${singular}>`)
    .argument('<source>')
    .argument('<target>')
    .option('--domain <domain>', `default: that of the ${singular}`)
    .option('--note <text>', 'for people')
    .option('--reason <text>', 'why; kept with it')
    .action(
      withIt(async (api, terminal, [id = '', source = '', target = ''], options) => {
        const { reason, ...more } = options;
        const body = { [entries]: [{ source, target, ...more }], ...(reason === undefined ? {} : { reason }) };
        const added = await api.post<Record<string, Entry[]>>(`${pathOf(id)}/${entries}`, body);
        const [entry] = added[entries] ?? [];
        terminal.result(entry, () => `${source} → ${target} stands in ${id} from version ${entry?.validFrom} on.`);
      }),
    );

  command
    .command('diff')
    .description('how two versions differ')
    .argument(`<${singular}>`)
    .requiredOption('--from <n>', 'version', wholeNumber(0))
    .option('--to <n>', 'version; default: the newest', wholeNumber(0))
    .option('--limit <n>', 'how many', wholeNumber(1, 500), 50)
    .action(
      withIt(async (api, terminal, [id = ''], options) => {
        const query = options as Readonly<Record<string, number | undefined>>;
        const diff = await api.get<VersionDiff<Entry>>(`${pathOf(id)}/diff`, query);
        terminal.result(diff, () => diffText(diff));
      }),
    );

  command
    .command('rm')
    .description(`remove a ${singular} with all its versions`)
    .argument(`<${singular}>`)
    .action(
      withIt(async (api, terminal, [id = '']) => {
        await api.delete(pathOf(id));
        terminal.result({ id, removed: true }, () => `The ${singular} ${id} is removed.`);
      }),
    );
}

function diffText({ from, to, counts, differences, next }: VersionDiff<Entry>): string {
  const line = (sign: string, { source, target }: Entry): string => `${sign} ${source} → ${target}`;
  return [
    `Version ${from} to ${to}: ${counts.added} added, ${counts.removed} removed, ${counts.changed} changed.`,
    ...differences.flatMap(({ before, after }) => [
      ...(before ? [line('-', before)] : []),
      ...(after ? [line('+', after)] : []),
    ]),
    ...(next === null ? [] : ['…']),
  ].join('\n');
}
