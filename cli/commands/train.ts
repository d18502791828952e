import { basename, resolve } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { PerennialError } from '../../contracts/errors.ts';
import type { ResourceRecord } from '../../contracts/language-data.ts';
import type { ApiClient } from '../client.ts';
import { contextOf, several, wholeNumber } from '../command.ts';
import { exitCodeOfRun } from '../exit-codes.ts';
import { withApi } from '../installation.ts';
import { importFile, importText, languagePair } from '../language-data.ts';
import { outputOf, runText, startRun, waitForRun } from '../runs.ts';
import type { Terminal } from '../terminal.ts';
import { evaluationText } from '../translation.ts';

interface Options {
  readonly pair: { readonly source: string; readonly target: string };
  readonly general?: string;
  readonly dev?: string;
  readonly memory: readonly string[];
  readonly glossary: readonly string[];
  readonly hours?: number;
  readonly size?: string;
  readonly seed?: number;
}

export function trainCommand(program: Command): void {
  program
    .command('train')
    .description('train a model')
    .command('translation')
    .description('the model of a language pair; follows the run to its end')
    .requiredOption('--pair <languages>', 'such as en-de, or with regions en-US:de-AT', languagePair)
    .option(
      '--general <prefix>',
      'parallel text, one sentence a line: PREFIX.en and PREFIX.de, also as .gz; default: what the lake holds',
    )
    .option('--dev <prefix>', 'parallel text to judge general training on; default: a part is held out')
    .option('--memory <file>', 'TMX, TSV, CSV, PO or XLIFF of the domain to adapt to; may be given again', several, [])
    .option('--glossary <file>', 'CSV, TSV or TBX of terms to judge by; may be given again', several, [])
    .option('--hours <h>', 'most hours of general training; adaptation has a quarter of it', hours)
    .addOption(new Option('--size <size>', 'shape of the model; default tiny').choices(['demo', 'tiny', 'small']))
    .option('--seed <n>', 'default 1', wholeNumber(0, 4_294_967_295))
    .action(async ({ pair, general, dev, memory, glossary, ...more }: Options, command: Command) => {
      const { config, terminal } = contextOf(command);
      await withApi(config, terminal, async (api) => {
        const given = await Promise.all([
          inTurn(memory, (file) => store(api, terminal, 'memories', pair, file)),
          inTurn(glossary, (file) => store(api, terminal, 'glossaries', pair, file)),
        ]);
        const run = await startRun(api, 'translation', {
          pair: `${pair.source.replaceAll('-', '_')}-${pair.target.replaceAll('-', '_')}`,
          memories: given[0],
          glossaries: given[1],
          ...(general === undefined ? {} : { general: resolve(general) }),
          ...(dev === undefined ? {} : { dev: resolve(dev) }),
          ...more,
        });
        terminal.note(`Run ${run.id}`);
        const ended = await waitForRun(api, run, terminal);
        terminal.result(ended, () => [runText(ended), evaluationText(outputOf(ended, 'evaluate'))].join('\n\n').trim());
        process.exitCode = exitCodeOfRun(ended.status);
      });
    });
}

/** Brings a file into the memory or glossary of its name, made if it is not there. @returns its id. */
async function store(
  api: ApiClient,
  terminal: Terminal,
  kind: 'memories' | 'glossaries',
  pair: Options['pair'],
  file: string,
): Promise<string> {
  const id = slug(basename(file));
  const path = `/v1/${kind}/${id}`;
  try {
    await api.get<ResourceRecord>(path);
  } catch (error) {
    if (!(error instanceof PerennialError) || error.code !== 'NOT_FOUND') throw error;
    await api.post(`/v1/${kind}`, { id, ...pair });
  }
  terminal.note(importText(await importFile(api, terminal, path, file, {})));
  return id;
}

/** An id of a file's name: `train.en-de.tsv` is train-en-de. */
function slug(name: string): string {
  const words = name
    .replace(/\.[^.]*$/, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '');
  return words.slice(0, 63) || 'unnamed';
}

async function inTurn<T>(items: readonly string[], work: (item: string) => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  for (const item of items) results.push(await work(item));
  return results;
}

function hours(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value >= 0.001 && value <= 1000) return value;
  throw new InvalidArgumentError('It must be a number of hours from 0.001 to 1000.');
}
