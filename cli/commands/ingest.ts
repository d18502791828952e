import type { Command } from 'commander';
import { PerennialError } from '../../contracts/errors.ts';
import { duckdbEngine } from '../../engines/duckdb/engine.ts';
import { type IngestReport, ingestSales } from '../../pipelines/offers/ingest.ts';
import { ingestOutcomes, type OutcomesReport } from '../../pipelines/offers/response/ingest-outcomes.ts';
import { fileLake } from '../../storage/lake/file.ts';
import { contextOf } from '../command.ts';
import { progressBar } from '../progress-bar.ts';
import { duration } from '../terminal.ts';

interface Options {
  readonly source?: string;
  readonly outcomes?: string;
  readonly market?: string;
  readonly maxBadShare: number;
}

export function ingestCommand(program: Command): void {
  program
    .command('ingest')
    .description('bring data into the lake')
    .command('offers')
    .description('daily sales files, and offers with their outcomes; a day that comes again replaces what was there')
    .option('--source <folder>', 'sales: a folder of CSV, CSV.gz or Parquet files, or one file')
    .option(
      '--outcomes <file>',
      'offers made and whether they sold: customer_id, product_id, date, discount, sale, holdout',
    )
    .option('--market <name>', 'take the sales of this market (country) only')
    .option('--max-bad-share <share>', 'share of a file, 0 to 1, that may be bad', Number, 0.05)
    .action(async ({ source, outcomes, ...options }: Options, command: Command) => {
      const { config, terminal } = contextOf(command);
      if (source === undefined && outcomes === undefined)
        throw new PerennialError(
          'VALIDATION_FAILED',
          'Nothing to bring in: neither --source nor --outcomes is given.',
          {
            remedy: 'Name a folder of sales by --source, or a file of offers by --outcomes.',
          },
        );
      const from = performance.now();
      const bar = progressBar(terminal, 'Ingest');
      const into = { lake: fileLake(config.lake), sql: duckdbEngine({}), progress: bar.update };
      try {
        const sales = source === undefined ? null : await ingestSales({ ...options, source, ...into });
        const offers =
          outcomes === undefined ? null : await ingestOutcomes({ outcomes, maxBadShare: options.maxBadShare, ...into });
        bar.stop();
        const seconds = (performance.now() - from) / 1000;
        terminal.result(
          { ...sales, ...(offers ? { outcomes: offers } : {}), seconds: Number(seconds.toFixed(2)) },
          () => [...(sales ? salesText(sales, seconds) : []), ...(offers ? outcomesText(offers) : [])].join('\n'),
        );
      } finally {
        bar.stop();
      }
    });
}

function salesText(report: IngestReport, seconds: number): string[] {
  return [
    `${report.rows.toLocaleString('en')} rows of ${report.files} files in ${duration(seconds * 1000)}: ${report.firstDate} to ${report.lastDate}, ${report.markets.length} markets, ${report.partitions} partitions.`,
    ...refused(report),
  ];
}

function outcomesText(report: OutcomesReport): string[] {
  return [
    `${report.rows.toLocaleString('en')} offers with their outcomes: ${report.firstDate} to ${report.lastDate}, ${report.days} days.`,
    ...refused(report),
  ];
}

function refused({ quarantined, reasons }: Pick<IngestReport, 'quarantined' | 'reasons'>): string[] {
  if (quarantined === 0) return [];
  return [`${quarantined} rows are in quarantine:`, ...reasons.map(({ reason, rows }) => `  ${rows} × ${reason}`)];
}
