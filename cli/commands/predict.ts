import { resolve } from 'node:path';
import type { Command } from 'commander';
import { duckdbEngine } from '../../engines/duckdb/engine.ts';
import { predictCoupons } from '../../pipelines/offers/coupons/predict.ts';
import { contextOf, day, wholeNumber } from '../command.ts';
import { withServices } from '../installation.ts';
import { interruptible } from '../interrupt.ts';
import { progressBar } from '../progress-bar.ts';
import type { Terminal } from '../terminal.ts';

interface Options {
  readonly asOf: string;
  readonly top: number;
  readonly newOnly?: boolean;
  readonly out: string;
  readonly productPattern: string;
}

export function predictCommand(program: Command): void {
  const predict = program.command('predict').description('predictions into a file');
  couponsCommand(predict);
  predict
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
        await predicting(terminal, async (bar, signal) => {
          const out = resolve(options.out);
          const report = await predictToFile({
            asOf: options.asOf,
            topK: options.top,
            newOnly: options.newOnly === true,
            out,
            productPattern: options.productPattern,
            services,
            signal,
            progress: bar.update,
          });
          bar.stop();
          terminal.result(
            { out, ...report },
            () => `${report.rows} rows for ${report.customers} customers, by version ${report.modelVersion}, in ${out}`,
          );
        });
      });
    });
}

interface CouponOptions {
  readonly train: string;
  readonly campaigns: string;
  readonly out: string;
}

function couponsCommand(predict: Command): void {
  predict
    .command('coupons')
    .description(
      'how likely each household redeems each coupon of its campaigns: household_id, campaign_id, coupon_upc, score',
    )
    .requiredOption('--train <folder>', 'Parquet tables of the past: purchases, products, campaigns, redemptions')
    .requiredOption('--campaigns <folder>', 'Parquet tables of the campaigns to rank: coupons and who got them')
    .requiredOption('--out <file>', 'Parquet file; replaced if it is there')
    .action(async (options: CouponOptions, command: Command) => {
      const { terminal } = contextOf(command);
      await predicting(terminal, async (bar, signal) => {
        const out = resolve(options.out);
        const report = await predictCoupons({
          train: resolve(options.train),
          campaigns: resolve(options.campaigns),
          out,
          sql: duckdbEngine({}),
          signal,
          progress: bar.update,
        });
        bar.stop();
        for (const warning of report.warnings) terminal.note(warning);
        terminal.result(
          { out, ...report },
          () =>
            `${report.rows} rows of ${report.campaigns} campaigns, learned from ${report.learnedFrom.redemptions} redemptions of ${report.learnedFrom.lists} households, in ${out}`,
        );
      });
    });
}

/** Shows a bar while predicting, which Ctrl+C ends. */
async function predicting(
  terminal: Terminal,
  work: (bar: ReturnType<typeof progressBar>, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const bar = progressBar(terminal, 'Predict');
  try {
    await interruptible(['SIGINT'], (signal) => work(bar, signal));
  } finally {
    bar.stop();
  }
}
