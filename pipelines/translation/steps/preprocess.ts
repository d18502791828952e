import { PerennialError } from '../../../contracts/errors.ts';
import type { StepDefinition } from '../../../domain/dag/index.ts';
import { type CleanOptions, cleanCorpus, LanguageDetector } from '../../../domain/nlp/corpus/index.ts';
import { maskPair } from '../../../domain/nlp/markup/index.ts';
import { readPairs, storeCorpus, type TextPairRow } from '../corpus.ts';
import * as datasets from '../datasets.ts';
import { holdOut } from '../hold-out.ts';
import { CorporaOutput } from '../outputs.ts';
import { parsePair } from '../pair.ts';
import type { TranslationParams } from '../params.ts';

/** Sentences to judge a model on; more cost time and tell little more. */
const mostDev = 1000;
const devShare = 0.05;
/** Words of a sentence; longer ones are seldom sentences. */
const mostWords = 100;

/** Cleans the texts of the lake: normal form, tags and variables masked, duplicates and bad pairs left out, dev set apart. */
export const preprocess: StepDefinition<TranslationParams> = {
  title: 'Clean and mask texts',
  needs: ['ingest'],
  isolation: 'process',
  resources: { memoryMiB: 2048 },
  output: CorporaOutput,
  async run({ params, services, scratch, metric, log }) {
    const into = { artifacts: services.artifacts, sql: services.sql, scratch };
    const languages = { detector: await LanguageDetector.load(), ...parsePair(params.pair) };
    const rejected: Record<string, number> = {};
    const read = async (domain: string, part: 'train' | 'dev'): Promise<TextPairRow[]> => {
      const parts = await services.lake.list(datasets.parallel, { pair: params.pair, domain, part });
      return clean(
        await readPairs(
          parts.map(({ uri }) => uri),
          services.sql,
        ),
        languages,
        rejected,
      );
    };
    const general = await read(datasets.generalDomain, 'train');
    if (general.length === 0)
      throw new PerennialError('DATA_MISSING', `The lake holds no general text for ${params.pair}.`, {
        remedy: 'Name files by the parameter general: the prefix of parallel text, one sentence a line.',
      });
    const given = params.dev ? await read(datasets.generalDomain, 'dev') : [];
    const split = given.length > 0 ? { train: general, dev: given } : holdOut(general, devShare, mostDev);
    const topics: TextPairRow[] = [];
    for (const memory of params.memories) topics.push(...(await read(memory, 'train')));
    const topical = topics.length > 0 ? holdOut(topics, devShare, mostDev) : null;
    const store = async ({ train, dev }: { train: TextPairRow[]; dev: TextPairRow[] }) => ({
      train: { ...(await storeCorpus(train, into)) },
      dev: { ...(await storeCorpus(dev, into)) },
      trainPairs: train.length,
      devPairs: dev.length,
    });
    const output = { general: await store(split), domain: topical && (await store(topical)), rejected };
    metric('pairs', split.train.length + (topical?.train.length ?? 0));
    for (const [reason, count] of Object.entries(rejected)) log('info', `left out ${count} pairs: ${reason}`);
    return output;
  },
};

/** Texts of one domain, cleaned and masked; what was left out is counted in `rejected`. */
function clean(
  rows: readonly TextPairRow[],
  languages: NonNullable<CleanOptions['languages']>,
  rejected: Record<string, number>,
): TextPairRow[] {
  const { pairs, report } = cleanCorpus(rows, { languages, mostWords });
  for (const [reason, count] of Object.entries(report.refused)) rejected[reason] = (rejected[reason] ?? 0) + count;
  return pairs.flatMap((pair) => {
    const masked = maskPair(pair.source, pair.target);
    if (masked) return [{ ...pair, ...masked }];
    rejected['placeholders'] = (rejected['placeholders'] ?? 0) + 1;
    return [];
  });
}
