import { resolve } from 'node:path';
import type { Command } from 'commander';
import { contextOf, day, wholeNumber } from '../command.ts';
import { withServices } from '../installation.ts';
import { progressBar } from '../progress-bar.ts';

interface Options {
  readonly asOf: string;
  readonly top: number;
  readonly newOnly?: boolean;
  readonly out: string;
  readonly productPattern: string;
}

export function predictCommand(program: Command): void {
  program
    .command('predict')
    .description('predictions into a file')
    .command('offers')
    .description('the products each customer buys next: customer_id, product_id, rank, score, market')
    .requiredOption('--as-of <day>', 'only data before this day is used', day)
    .option('--top <k>', 'products per customer', wholeNumber(1), 20)
    .option('--new-only', 'only products the customer has never bought')
    .requiredOption('--out <file>', 'Parquet file; replaced if it is there')
    .option('--product-pattern <regexp>', 'codes that are products; default: as the mapping said when they came in', '')
    .action(async (options: Options, command: Command) => {
      const { config, terminal } = contextOf(command);
      // TensorFlow takes its time to load; the other commands need none of it.
      const { predictToFile } = await import('../../pipelines/offers/predict-file.ts');
      await withServices(config, terminal, async ({ services }) => {
        const bar = progressBar(terminal, 'Predict');
        const stop = new AbortController();
        const interrupt = (): void => stop.abort();
        process.once('SIGINT', interrupt);
        try {
          const out = resolve(options.out);
          const report = await predictToFile({
            asOf: options.asOf,
            topK: options.top,
            newOnly: options.newOnly === true,
            out,
            productPattern: options.productPattern,
            services,
            signal: stop.signal,
            progress: bar.update,
          });
          bar.stop();
          terminal.result(
            { out, ...report },
            () => `${report.rows} rows for ${report.customers} customers, by version ${report.modelVersion}, in ${out}`,
          );
        } finally {
          bar.stop();
          process.off('SIGINT', interrupt);
        }
      });
    });
}
