import { resolve } from 'node:path';
import type { Command } from 'commander';
import { generateDemo } from '../../pipelines/offers/demo/index.ts';
import { generateTranslationDemo } from '../../pipelines/translation/demo/index.ts';
import { contextOf, wholeNumber } from '../command.ts';
import { progressBar } from '../progress-bar.ts';

interface Options {
  readonly customers: number;
  readonly products: number;
  readonly days: number;
  readonly markets: number;
  readonly seed: number;
  readonly out: string;
}

export function demoCommand(program: Command): void {
  const demo = program.command('demo');
  demo
    .command('translation')
    .description('generate parallel text, a memory and a glossary of a small world with planted terms')
    .option('--general <n>', 'pairs of general text', wholeNumber(1, 1_000_000), 6000)
    .option('--memory <n>', 'segments of the memory', wholeNumber(1, 100_000), 600)
    .option('--seed <n>', 'the same seed gives the same bytes', wholeNumber(0), 1)
    .requiredOption('--out <folder>', 'made if needed')
    .action(async (options: { general: number; memory: number; seed: number; out: string }, command: Command) => {
      const { terminal } = contextOf(command);
      const files = await generateTranslationDemo({ ...options, out: resolve(options.out) });
      terminal.result(
        files,
        () =>
          `Next: perennial train translation --pair en-de --general ${files.general} --memory ${files.memory} --glossary ${files.glossary} --size demo --hours 0.02`,
      );
    });
  demo
    .description('generate a wholesaler’s data with planted truth')
    .option('--customers <n>', '', wholeNumber(1), 400)
    .option('--products <n>', '', wholeNumber(8), 200)
    .option('--days <n>', '', wholeNumber(1), 180)
    .option('--markets <n>', 'at most 8', wholeNumber(1), 5)
    .option('--seed <n>', 'the same seed gives the same bytes', wholeNumber(0), 1)
    .requiredOption('--out <folder>', 'made if needed')
    .action(async (options: Options, command: Command) => {
      const { terminal } = contextOf(command);
      const bar = progressBar(terminal, 'Generate');
      try {
        const out = resolve(options.out);
        const report = await generateDemo({ ...options, out, progress: bar.update });
        bar.stop();
        terminal.result({ out, ...report }, () =>
          [
            `${report.rows.toLocaleString('en')} sales from ${report.firstDate} to ${report.lastDate} in ${report.markets.length} markets, in ${out}`,
            `Next: perennial ingest offers --source ${report.sales}`,
          ].join('\n'),
        );
      } finally {
        bar.stop();
      }
    });
}
