import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import type { Config } from '../../config/index.ts';
import { PerennialError } from '../../contracts/errors.ts';
import { onlineRetailMapping, type SalesMapping, SalesMappingSchema } from '../../contracts/sales-mapping.ts';
import { duckdbEngine } from '../../engines/duckdb/engine.ts';
import { checkMapping } from '../../pipelines/offers/check-mapping.ts';
import { type DocumentsReport, ingestDocuments } from '../../pipelines/offers/documents/ingest.ts';
import { type IngestPreview, type IngestReport, ingestSales, previewSales } from '../../pipelines/offers/ingest.ts';
import { ingestOutcomes, type OutcomesReport } from '../../pipelines/offers/response/ingest-outcomes.ts';
import { suggestForSource } from '../../pipelines/offers/suggest.ts';
import { fileLake } from '../../storage/lake/file.ts';
import { composeSources } from '../../workers/compose.ts';
import { type Context, contextOf, wholeNumber } from '../command.ts';
import { interruptible } from '../interrupt.ts';
import { progressBar } from '../progress-bar.ts';
import { duration, table } from '../terminal.ts';

interface Options {
  readonly source?: string;
  readonly outcomes?: string;
  readonly documents?: string;
  readonly maxBadDocuments: number;
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
    .description(
      'sales, offers with their outcomes, and customers’ documents; what comes again replaces what was there',
    )
    .option(
      '--source <address>',
      'sales as CSV, CSV.gz, Parquet or a table of PostgreSQL: a folder of files, one file, s3://bucket/prefix, postgres://… or http(s)://…',
    )
    .option(
      '--outcomes <file>',
      'offers made and whether they sold: customer_id, product_id, date, discount, sale, holdout',
    )
    .option(
      '--documents <folder>',
      'customers’ texts: a folder, named by its id, of .txt, .html, .docx and .pdf files, or a file, per customer',
    )
    .option('--max-bad-documents <share>', 'share of the documents, 0 to 1, that may be unreadable', Number, 0.5)
    .option('--mapping <file>', 'JSON that says which columns are meant; default: those of UCI Online Retail')
    .option('--table <name>', 'table of PostgreSQL, such as public.sales; else the mapping names it')
    .option('--market <name>', 'take the sales of this market (country) only')
    .option('--max-bad-share <share>', 'share of a file, 0 to 1, that may be bad', Number, 0.05)
    .option('--dry-run', 'show what would come of the first rows and how many are bad; write nothing')
    .option('--rows <n>', 'rows that --dry-run shows', wholeNumber(0, 1000), 10)
    .option('--suggest-mapping', 'print a mapping by the names of the columns, for you to complete; write nothing')
    .action(async (options: Options, command: Command) => {
      const context = contextOf(command);
      const { config, terminal } = context;
      const { source, outcomes, documents } = options;
      const nothingElse = outcomes === undefined && documents === undefined;
      if (source === undefined && (nothingElse || options.dryRun || options.suggestMapping)) {
        throw new PerennialError('VALIDATION_FAILED', 'No sales are named to bring in: --source is not given.', {
          remedy: 'Name sales by --source, a file of offers by --outcomes, or a folder of documents by --documents.',
        });
      }
      if (source !== undefined && options.suggestMapping) return suggest(source, options, context);
      const interrupted = new PerennialError('CANCELLED', 'The ingest was interrupted.');
      await interruptible(
        ['SIGINT', 'SIGTERM'],
        async (signal) => {
          const bar = progressBar(terminal, 'Ingest');
          const from = performance.now();
          const sql = duckdbEngine({});
          const into = { lake: fileLake(config.lake), sql, signal, progress: bar.update };
          try {
            const sales = source === undefined ? null : await salesTask(source, options, config);
            if (sales && options.dryRun) {
              const preview = await previewSales({ ...sales, ...into, rows: options.rows });
              bar.stop();
              terminal.result(preview, () => previewText(preview));
              return;
            }
            const report = sales && (await ingestSales({ ...sales, ...into }));
            const offers =
              outcomes === undefined
                ? null
                : await ingestOutcomes({ outcomes, maxBadShare: options.maxBadShare, ...into });
            const texts =
              documents === undefined
                ? null
                : await ingestDocuments({
                    documents,
                    maxBadShare: options.maxBadDocuments,
                    now: new Date(),
                    ...into,
                  });
            bar.stop();
            const ms = performance.now() - from;
            terminal.result(
              {
                ...report,
                ...(offers ? { outcomes: offers } : {}),
                ...(texts ? { documents: texts } : {}),
                seconds: Number((ms / 1000).toFixed(2)),
              },
              () =>
                [
                  ...(report ? salesText(report, ms) : []),
                  ...(offers ? outcomesText(offers) : []),
                  ...(texts ? documentsText(texts) : []),
                ].join('\n'),
            );
          } finally {
            bar.stop();
          }
        },
        interrupted,
      );
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

async function suggest(source: string, options: Options, { config, terminal }: Context): Promise<void> {
  const given = await readMapping(options);
  const access = options.table === undefined ? given : { postgres: { table: options.table } };
  const sources = composeSources(config);
  const suggested = await suggestForSource({ source, sources, sql: duckdbEngine({}), access: accessOf(access) });
  for (const note of (suggested['notes'] ?? []) as string[]) terminal.note(note);
  terminal.result(suggested, () => JSON.stringify(suggested, null, 2));
}

async function salesTask(source: string, options: Options, config: Config) {
  const { market, maxBadShare, table } = options;
  const given = await readMapping(options);
  const mapping =
    table === undefined ? given : { ...(given ?? onlineRetailMapping), postgres: { ...passwordOf(given), table } };
  return {
    source,
    maxBadShare,
    sources: composeSources(config),
    ...(mapping === undefined ? {} : { mapping }),
    ...(market === undefined ? {} : { market }),
  };
}

async function readMapping({ mapping: file, suggestMapping }: Options): Promise<SalesMapping | undefined> {
  if (file === undefined) return undefined;
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

function salesText(report: IngestReport, ms: number): string[] {
  const { files, unchanged = 0 } = report;
  if (unchanged === files) return [`Nothing has changed: all ${files} files came in before.`];
  return [
    `${report.rows.toLocaleString('en')} rows of ${files - unchanged} files in ${duration(ms)}: ${report.firstDate} to ${report.lastDate}, ${report.markets.length} markets, ${report.partitions} partitions.${unchanged > 0 ? ` ${unchanged} files came in before and have not changed.` : ''}`,
    ...restLines(report, `${report.quarantined} rows are in quarantine:`),
  ];
}

function outcomesText(report: OutcomesReport): string[] {
  return [
    `${report.rows.toLocaleString('en')} offers with their outcomes: ${report.firstDate} to ${report.lastDate}, ${report.days} days.`,
    ...restLines(report, `${report.quarantined} rows are in quarantine:`),
  ];
}

function documentsText(report: DocumentsReport): string[] {
  const languages = Object.entries(report.languages).map(([language, sentences]) => `${language} ${sentences}`);
  return [
    `${report.documents.toLocaleString('en')} new or changed documents of ${report.customers.toLocaleString('en')} customers: ${report.sentences.toLocaleString('en')} sentences${languages.length > 0 ? ` (${languages.slice(0, 5).join(', ')})` : ''}; ${report.unchanged} unchanged.`,
    ...(report.others > 0 ? [`${report.others} files of other kinds were passed over.`] : []),
    ...(report.quarantined > 0 ? [`${report.quarantined} documents are in quarantine:`] : []),
    ...report.faults.map(({ file, reason }) => `  ${file}: ${reason}`),
  ];
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

function restLines(
  report: Pick<IngestReport, 'quarantined' | 'reasons'> & Partial<Pick<IngestReport, 'filtered' | 'unmatched'>>,
  quarantined: string,
): string[] {
  return [
    ...(report.filtered ? [`${report.filtered.toLocaleString('en')} rows were left out by the filter.`] : []),
    ...Object.entries(report.unmatched ?? {}).flatMap(([name, rows]) =>
      rows > 0 ? [`${rows.toLocaleString('en')} rows have no partner in ${name}.`] : [],
    ),
    ...(report.quarantined > 0 ? [quarantined] : []),
    ...report.reasons.map(({ reason, rows }) => `  ${rows} × ${reason}`),
  ];
}
