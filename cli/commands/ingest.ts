import type { Command } from 'commander';
import { duckdbEngine } from '../../engines/duckdb/engine.ts';
import { ingestSales } from '../../pipelines/offers/ingest.ts';
import { fileLake } from '../../storage/lake/file.ts';
import { composeSources } from '../../workers/compose.ts';
import { contextOf } from '../command.ts';
import { progressBar } from '../progress-bar.ts';
import { duration } from '../terminal.ts';

export function ingestCommand(program: Command): void {
  program
    .command('ingest')
    .description('bring data into the lake')
    .command('offers')
    .description('daily sales files: CSV, CSV.gz or Parquet; a day that comes again replaces what was there')
    .requiredOption('--source <folder>', 'a folder of files, or one file')
    .option('--market <name>', 'take this market (country) only')
    .option('--max-bad-share <share>', 'share of a file, 0 to 1, that may be bad', Number, 0.05)
    .action(async (options: { source: string; market?: string; maxBadShare: number }, command: Command) => {
      const { config, terminal } = contextOf(command);
      const from = performance.now();
      const bar = progressBar(terminal, 'Ingest');
      try {
        const report = await ingestSales({
          ...options,
          lake: fileLake(config.lake),
          sql: duckdbEngine({}),
          sources: composeSources(config),
          progress: bar.update,
        });
        bar.stop();
        const seconds = (performance.now() - from) / 1000;
        terminal.result({ ...report, seconds: Number(seconds.toFixed(2)) }, () =>
          [
            `${report.rows.toLocaleString('en')} rows of ${report.files} files in ${duration(seconds * 1000)}: ${report.firstDate} to ${report.lastDate}, ${report.markets.length} markets, ${report.partitions} partitions.`,
            ...(report.quarantined > 0 ? [`${report.quarantined} rows are in quarantine:`] : []),
            ...report.reasons.map(({ reason, rows }) => `  ${rows} × ${reason}`),
          ].join('\n'),
        );
      } finally {
        bar.stop();
      }
    });
}
