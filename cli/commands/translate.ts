import { resolve } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { contextOf, several, wholeNumber } from '../command.ts';
import { withServices } from '../installation.ts';
import { languagePair } from '../language-data.ts';
import { progressBar } from '../progress-bar.ts';

interface Options {
  readonly pair: { readonly source: string; readonly target: string };
  readonly glossary: readonly string[];
  /** False with --no-terms. */
  readonly terms: boolean;
  readonly memory: readonly string[];
  readonly threshold: number;
  readonly beam: number;
  readonly model: string;
  readonly precision: 'int8' | 'float32';
  readonly split?: boolean;
  readonly in: string;
  readonly out: string;
}

export function translateCommand(program: Command): void {
  program
    .command('translate')
    .description('a file of sentences, one a line, into another')
    .requiredOption('--pair <languages>', 'such as en-de, or with regions en-US:de-AT', languagePair)
    .option('--glossary <file>', 'CSV, TSV or TBX of terms, or the id of a glossary; may be given again', several, [])
    .option('--no-terms', 'leave terms out, also those of --glossary')
    .option(
      '--memory <file>',
      'TMX, TSV, CSV, PO or XLIFF of translations, or the id of a memory; may be given again',
      several,
      [],
    )
    .option(
      '--threshold <score>',
      'least score of a similar sentence that is given to the model; 1: exact ones',
      score,
      0.7,
    )
    .option('--beam <n>', 'hypotheses kept at a time', wholeNumber(1, 16), 5)
    .option('--model <version>', 'version or alias', 'champion')
    .addOption(
      new Option('--precision <kind>', 'of the computation').choices(['int8', 'float32']).default('int8' as const),
    )
    .option('--split', 'translate the sentences of a line one by one')
    .requiredOption('--in <file>', 'text, UTF-8')
    .requiredOption('--out <file>', 'replaced if it is there')
    .action(async (options: Options, command: Command) => {
      const { config, terminal } = contextOf(command);
      // The readers and the model take their time to load; the other commands need none of it.
      const { translateFile } = await import('../translate-file.ts');
      await withServices(config, terminal, async ({ services, database }, connected) => {
        const bar = progressBar(terminal, 'Translate');
        const stop = new AbortController();
        const interrupt = (): void => stop.abort();
        process.once('SIGINT', interrupt);
        try {
          const report = await translateFile({
            ...options,
            glossary: options.terms ? options.glossary : [],
            in: resolve(options.in),
            out: resolve(options.out),
            split: options.split === true,
            config: connected,
            database,
            artifacts: services.artifacts,
            signal: stop.signal,
            progress: bar.update,
          });
          bar.stop();
          terminal.result(report, () =>
            [
              `${report.lines} lines by version ${report.model.version} of ${report.model.name} in ${report.seconds} s, in ${report.out}`,
              `${report.exact} out of a memory, ${report.similar} with a similar sentence`,
              ...(report.terms > 0
                ? [`${report.termsUsed} of ${report.terms} terms used, ${report.termsEnforced} of them enforced`]
                : []),
              ...Object.entries(report.warnings).map(([code, count]) => `${count} × ${code}`),
            ].join('\n'),
          );
        } finally {
          bar.stop();
          process.off('SIGINT', interrupt);
        }
      });
    });
}

function score(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value >= 0.5 && value <= 1) return value;
  throw new InvalidArgumentError('It must be a number from 0.5 to 1.');
}
