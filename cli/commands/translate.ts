import { resolve } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { type DocumentFormat, documentFormatOf, documentFormats } from '../../contracts/document-formats.ts';
import { PerennialError } from '../../contracts/errors.ts';
import { type Context, contextOf, several, wholeNumber } from '../command.ts';
import { withApi, withServices } from '../installation.ts';
import { interruptible } from '../interrupt.ts';
import { languagePair } from '../language-data.ts';
import { progressBar } from '../progress-bar.ts';

interface Options {
  readonly pair: { readonly source: string; readonly target: string };
  readonly glossary: readonly string[];
  /** False with --no-terms. */
  readonly terms: boolean;
  readonly memory: readonly string[];
  /** False with --no-memories. */
  readonly memories: boolean;
  readonly threshold: number;
  readonly beam: number;
  readonly model: string;
  readonly precision: 'int8' | 'float32';
  readonly split?: boolean;
  readonly format?: DocumentFormat | 'lines';
  readonly existing: 'keep' | 'replace';
  readonly encoding?: string;
  readonly in: string;
  readonly out: string;
}

export function translateCommand(program: Command): void {
  program
    .command('translate')
    .description('a file of sentences, one a line, or a document (HTML, PO, XLIFF, Word) into another')
    .requiredOption('--pair <languages>', 'such as en-de, or with regions en-US:de-AT', languagePair)
    .option('--glossary <file>', 'CSV, TSV or TBX of terms, or the id of a glossary; may be given again', several, [])
    .option('--no-memories', 'leave memories out; documents use all of the pair unless --memory names some')
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
    .addOption(
      new Option('--format <format>', 'default: what the name of the file says, else lines').choices([
        'lines',
        ...documentFormats,
      ]),
    )
    .addOption(
      new Option('--existing <what>', 'of PO and XLIFF: keep the translations that are there, or make them anew')
        .choices(['keep', 'replace'])
        .default('keep' as const),
    )
    .option('--encoding <name>', 'of a document, such as windows-1252; default: detected')
    .requiredOption('--in <file>', 'text, UTF-8, or a document')
    .requiredOption('--out <file>', 'replaced if it is there')
    .action(async (options: Options, command: Command) => {
      const context = contextOf(command);
      await interruptible(['SIGINT'], async (signal) => {
        const format = options.format ?? formatOf(options.in);
        if (format === 'lines') await translateLines(options, context, signal);
        else {
          for (const name of ['beam', 'precision', 'split'] as const)
            if (command.getOptionValueSource(name) === 'cli') throw notForDocuments(name);
          await translateDocument({ ...options, format }, context, signal);
        }
      });
    });
}

/** Plain text is a sentence a line unless it is said to be a document. */
function formatOf(file: string): DocumentFormat | 'lines' {
  const format = documentFormatOf(file);
  return format === undefined || format === 'txt' ? 'lines' : format;
}

function notForDocuments(option: string): PerennialError {
  return new PerennialError('VALIDATION_FAILED', `--${option} is for files of sentences, not for documents.`, {
    remedy: 'Leave it away; or give --format lines.',
  });
}

/** By a run of the installation, so that it goes on whatever becomes of this process, and gives way to others. */
async function translateDocument(
  options: Options & { readonly format: DocumentFormat },
  { config, terminal }: Context,
  signal: AbortSignal,
): Promise<void> {
  const { documentText, translateDocumentFile } = await import('../translate-document.ts');
  await withApi(config, terminal, async (api) => {
    const out = resolve(options.out);
    const document = await translateDocumentFile(api, terminal, {
      ...options,
      glossary: options.terms ? options.glossary : [],
      in: resolve(options.in),
      out,
      signal,
    });
    terminal.result({ ...document, out }, () => documentText(document, out));
  });
}

/** In this process, with glossaries and memories that may be files. */
async function translateLines(options: Options, { config, terminal }: Context, signal: AbortSignal): Promise<void> {
  // The readers and the model take their time to load; the other commands need none of it.
  const { translateFile } = await import('../translate-file.ts');
  await withServices(config, terminal, async ({ services, database }, connected) => {
    const bar = progressBar(terminal, 'Translate');
    try {
      const report = await translateFile({
        ...options,
        glossary: options.terms ? options.glossary : [],
        memory: options.memories ? options.memory : [],
        in: resolve(options.in),
        out: resolve(options.out),
        split: options.split === true,
        config: connected,
        database,
        artifacts: services.artifacts,
        signal,
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
    }
  });
}

function score(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value >= 0.5 && value <= 1) return value;
  throw new InvalidArgumentError('It must be a number from 0.5 to 1.');
}
