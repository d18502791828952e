import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { PerennialError } from '../../contracts/errors.ts';
import { onlineRetailMapping, type SalesMapping, SalesMappingSchema } from '../../contracts/sales-mapping.ts';
import { duckdbEngine } from '../../engines/duckdb/engine.ts';
import { checkMapping } from '../../pipelines/offers/check-mapping.ts';
import { type IngestPreview, type IngestReport, ingestSales, previewSales } from '../../pipelines/offers/ingest.ts';
import { suggestForSource } from '../../pipelines/offers/suggest.ts';
import { fileLake } from '../../storage/lake/file.ts';
import { composeSources } from '../../workers/compose.ts';
import { contextOf, wholeNumber } from '../command.ts';
import { progressBar } from '../progress-bar.ts';
import { duration, type Terminal, table } from '../terminal.ts';

interface Options {
  readonly source: string;
  readonly mapping?: string;
  readonly table?: string;
  readonly market?: string;
  readonly maxBadShare: number;
  readonly dryRun?: boolean;
  readonly rows: number;
  readonly suggestMapping?: boolean;
}

export function ingestCommand(program: Command): void {
  const ingest = program.command('ingest').description('bring data into the lake');
  ingest
    .command('offers')
    .description('sales: CSV, CSV.gz, Parquet or a table of PostgreSQL; a day that comes again replaces what was there')
    .requiredOption(
      '--source <address>',
      'a folder of files, one file, s3://bucket/prefix, postgres://… or http(s)://…',
    )
    .option('--mapping <file>', 'JSON that says which columns are meant; default: those of UCI Online Retail')
    .option('--table <name>', 'table of PostgreSQL, such as public.sales; else the mapping names it')
    .option('--market <name>', 'take this market (country) only')
    .option('--max-bad-share <share>', 'share of a file, 0 to 1, that may be bad', Number, 0.05)
    .option('--dry-run', 'show what would come of the first rows and how many are bad; write nothing')
    .option('--rows <n>', 'rows that --dry-run shows', wholeNumber(0, 1000), 10)
    .option('--suggest-mapping', 'print a mapping by the names of the columns, for you to complete; write nothing')
    .action(async (options: Options, command: Command) => {
      const { config, terminal } = contextOf(command);
      const sources = composeSources(config);
      const sql = duckdbEngine({});
      const given = options.mapping === undefined ? undefined : await readMapping(options.mapping, options);
      if (options.suggestMapping) {
        const access = options.table === undefined ? given : { postgres: { table: options.table } };
        const suggested = await suggestForSource({ source: options.source, sources, sql, access: accessOf(access) });
        for (const note of (suggested['notes'] ?? []) as string[]) terminal.note(note);
        terminal.result(suggested, () => JSON.stringify(suggested, null, 2));
        return;
      }
      const mapping =
        options.table === undefined
          ? given
          : { ...(given ?? onlineRetailMapping), postgres: { ...passwordOf(given), table: options.table } };
      await cancellable(async (signal) => {
        const bar = progressBar(terminal, 'Ingest');
        const { source, market, maxBadShare } = options;
        const from = performance.now();
        const task = {
          source,
          maxBadShare,
          sql,
          sources,
          signal,
          progress: bar.update,
          ...(mapping === undefined ? {} : { mapping }),
          ...(market === undefined ? {} : { market }),
        };
        try {
          if (options.dryRun) {
            const preview = await previewSales({ ...task, rows: options.rows });
            bar.stop();
            terminal.result(preview, () => previewText(preview));
            return;
          }
          const report = await ingestSales({ ...task, lake: fileLake(config.lake) });
          bar.stop();
          showReport(terminal, report, performance.now() - from);
        } finally {
          bar.stop();
        }
      });
    });
  ingest
    .command('mapping-schema')
    .description('the fields of a mapping with their meaning, as JSON Schema')
    .action((_: object, command: Command) => {
      const { terminal } = contextOf(command);
      const schema = { $schema: 'https://json-schema.org/draft/2020-12/schema', ...SalesMappingSchema };
      terminal.result(schema, () => JSON.stringify(schema, null, 2));
    });
}

async function readMapping(file: string, { suggestMapping }: Options): Promise<SalesMapping> {
  const refuse = (message: string, remedy: string, cause: unknown): never => {
    throw new PerennialError('VALIDATION_FAILED', `The mapping ${file} ${message}.`, { remedy, cause });
  };
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) =>
    refuse(`cannot be read: ${error.code}`, 'Name a JSON file; --suggest-mapping proposes one.', error),
  );
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch (error) {
    refuse(`is not JSON: ${(error as Error).message}`, 'Correct it at this place.', error);
  }
  // For a suggestion it only says how to get at the source; its columns are what is asked for.
  return suggestMapping
    ? checkMapping({ ...(given as object), columns: onlineRetailMapping.columns })
    : checkMapping(given);
}

function accessOf(given: Partial<SalesMapping> | undefined): Pick<SalesMapping, 'files' | 'postgres' | 'http'> {
  const { files, postgres, http } = given ?? {};
  return { ...(files === undefined ? {} : { files }), ...(postgres ? { postgres } : {}), ...(http ? { http } : {}) };
}

function passwordOf(given: SalesMapping | undefined): { passwordEnv?: string } {
  const passwordEnv = given?.postgres?.passwordEnv;
  return passwordEnv === undefined ? {} : { passwordEnv };
}

/** Lets an interrupted ingest clean up behind itself. */
async function cancellable(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const stop = new AbortController();
  const interrupt = (): void => stop.abort(new PerennialError('CANCELLED', 'The ingest was interrupted.'));
  process.once('SIGINT', interrupt);
  process.once('SIGTERM', interrupt);
  try {
    await work(stop.signal);
  } finally {
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
  }
}

function showReport(terminal: Terminal, report: IngestReport, ms: number): void {
  terminal.result({ ...report, seconds: Number((ms / 1000).toFixed(2)) }, () =>
    [
      `${report.rows.toLocaleString('en')} rows of ${report.files} files in ${duration(ms)}: ${report.firstDate} to ${report.lastDate}, ${report.markets.length} markets, ${report.partitions} partitions.`,
      ...restLines(report, `${report.quarantined} rows are in quarantine:`),
    ].join('\n'),
  );
}

function previewText(preview: IngestPreview): string {
  const columns = ['invoice', 'product', 'description', 'quantity', 'sold_at', 'price', 'customer', 'market'];
  const cell = (value: unknown): string => {
    if (value === null || value === undefined) return '–';
    return typeof value === 'number' ? String(Number(value.toFixed(4))) : String(value).slice(0, 40);
  };
  const rows = preview.first.map((row) => [
    ...columns.map((name) => cell(row[name])),
    row['reason']
      ? `bad: ${row['reason']}`
      : [row['cancelled'] && 'cancelled', !row['is_product'] && 'no product'].filter(Boolean).join(', '),
  ]);
  return [
    ...(rows.length > 0 ? [table([...columns, ''], rows, { right: ['quantity', 'price'] }), ''] : []),
    `${preview.rows.toLocaleString('en')} good rows of ${preview.files} files: ${preview.firstDate} to ${preview.lastDate}, markets ${preview.markets.slice(0, 10).join(', ')}${preview.markets.length > 10 ? `, and ${preview.markets.length - 10} more` : ''}.`,
    ...restLines(preview, `${preview.quarantined} rows are bad:`),
    ...(preview.refused === null ? [] : ['', `The ingest would be refused: ${preview.refused}`]),
    'Nothing was written.',
  ].join('\n');
}

function restLines(report: Omit<IngestReport, 'partitions'>, quarantined: string): string[] {
  return [
    ...(report.filtered ? [`${report.filtered.toLocaleString('en')} rows were left out by the filter.`] : []),
    ...Object.entries(report.unmatched ?? {}).flatMap(([name, rows]) =>
      rows > 0 ? [`${rows.toLocaleString('en')} rows have no partner in ${name}.`] : [],
    ),
    ...(report.quarantined > 0 ? [quarantined] : []),
    ...report.reasons.map(({ reason, rows }) => `  ${rows} × ${reason}`),
  ];
}
