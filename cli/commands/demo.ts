import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { generateDemo } from '../../pipelines/offers/demo/index.ts';
import { generateTranslationDemo } from '../../pipelines/translation/demo/index.ts';
import { contextOf, wholeNumber } from '../command.ts';
import { progressBar } from '../progress-bar.ts';
import type { Terminal } from '../terminal.ts';

interface Options {
  readonly for: 'offers' | 'translation';
  readonly customers: number;
  readonly products: number;
  readonly days: number;
  readonly markets: number;
  readonly seed: number;
  readonly texts: 'plain' | 'hard';
  readonly out: string;
}

export function demoCommand(program: Command): void {
  program
    .command('demo')
    .description('generate data with planted truth: a wholesaler’s, or texts, memory and glossary for translation')
    .addOption(
      new Option('--for <pipeline>', 'what it is for').choices(['offers', 'translation']).default('offers' as const),
    )
    .option('--customers <n>', 'of the wholesaler', wholeNumber(1), 400)
    .option('--products <n>', 'of the wholesaler', wholeNumber(8), 200)
    .option('--days <n>', 'of sales', wholeNumber(1), 180)
    .option('--markets <n>', 'at most 8', wholeNumber(1), 5)
    .addOption(
      new Option(
        '--texts <kind>',
        'of the wholesaler’s customers: hard ones in two languages, with slips and distractors',
      )
        .choices(['plain', 'hard'])
        .default('plain' as const),
    )
    .option('--seed <n>', 'the same seed gives the same bytes', wholeNumber(0), 1)
    .requiredOption('--out <folder>', 'made if needed')
    .action(async ({ for: pipeline, ...options }: Options, command: Command) => {
      const { terminal } = contextOf(command);
      if (pipeline === 'translation') return translationDemo(options, terminal);
      const bar = progressBar(terminal, 'Generate');
      try {
        const out = resolve(options.out);
        const report = await generateDemo({ ...options, out, progress: bar.update });
        bar.stop();
        terminal.result({ out, ...report }, () =>
          [
            `${report.rows.toLocaleString('en')} sales from ${report.firstDate} to ${report.lastDate} in ${report.markets.length} markets, in ${out}`,
            `Next: perennial ingest offers --source ${report.sales} --outcomes ${report.offers} --documents ${report.documents}`,
          ].join('\n'),
        );
      } finally {
        bar.stop();
      }
    });
}

async function translationDemo({ out, seed }: Pick<Options, 'out' | 'seed'>, terminal: Terminal): Promise<void> {
  const files = await generateTranslationDemo({ out: resolve(out), seed });
  terminal.result(files, () =>
    [
      `Texts, a memory and a glossary, in ${resolve(out)}`,
      `Next: perennial train translation --pair en-de --general ${files.general} --memory ${files.memory} --glossary ${files.glossary} --size demo --hours 0.02`,
    ].join('\n'),
  );
}
