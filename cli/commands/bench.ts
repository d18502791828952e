import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import type { DriftBenchOptions } from '../../bench/drift/index.ts';
import type { GapBenchOptions } from '../../bench/gap.ts';
import type { ObedienceOptions } from '../../bench/obedience.ts';
import type { OffersBenchOptions } from '../../bench/offers/index.ts';
import type { OffersDayOptions } from '../../bench/offers-day.ts';
import type { RetrainingBenchOptions } from '../../bench/retraining/index.ts';
import type { ServingBenchOptions } from '../../bench/serving.ts';
import type { TranslateLoadOptions } from '../../bench/translate-load.ts';
import { duckdbEngine } from '../../engines/duckdb/engine.ts';
import type { ParallelLine } from '../../pipelines/translation/parallel-files.ts';
import { contextOf, parameter, wholeNumber } from '../command.ts';
import { withServices } from '../installation.ts';
import { languagePair } from '../language-data.ts';

const enDe = { source: 'en', target: 'de' };

export function benchCommand(program: Command): void {
  const bench = program
    .command('bench')
    .description('measurements beside peers, in the same run; the last line is one JSON object');

  bench
    .command('dag')
    .description('a chain of 40 empty steps and a fan-out of 500, beside a bare Temporal workflow')
    .option('--rounds <n>', 'pairs measured after one that warms up', wholeNumber(1), 7)
    .action(async ({ rounds }: { rounds: number }, command: Command) => {
      const { config, terminal } = contextOf(command);
      const { benchDag } = await import('../../bench/dag.ts');
      await withServices(config, terminal, async (_composed, connected) => {
        const figures = await benchDag(connected, (line) => terminal.note(line), rounds);
        process.stdout.write(`${JSON.stringify(figures)}\n`);
      });
    });

  bench
    .command('webhooks')
    .description('signed webhooks, doubled, forged and stale ones among them, while Redis and the API are restarted')
    .option('--count <n>', 'webhooks', wholeNumber(100), 10_000)
    .option('--connections <n>', 'that send at a time', wholeNumber(1, 1000), 16)
    .action(async (options: { count: number; connections: number }, command: Command) => {
      const { config, terminal } = contextOf(command);
      const { benchWebhooks } = await import('../../bench/webhooks.ts');
      await withServices(config, terminal, async (_composed, connected) => {
        const figures = await benchWebhooks(connected, (line) => terminal.note(line), options);
        process.stdout.write(`${JSON.stringify(figures)}\n`);
      });
    });

  bench
    .command('dashboard')
    .description(
      'pages over 10,000 runs and a year of 50 markets in Chromium: until they answer, and how smooth, beside the web interface of Temporal',
    )
    .option('--rounds <n>', 'openings of each page after one that warms up', wholeNumber(1), 3)
    .option('--chromium <path>', 'a Chromium; default: where packages put it')
    .action(async (options: { rounds: number; chromium?: string }, command: Command) => {
      const { config, terminal } = contextOf(command);
      const { benchDashboard } = await import('../../bench/dashboard/index.ts');
      await withServices(config, terminal, async (_composed, connected) => {
        const wanted = { ...options, temporal: config.temporalCli };
        const figures = await benchDashboard(connected, wanted, (line) => terminal.note(line));
        process.stdout.write(`${JSON.stringify(figures)}\n`);
      });
    });

  bench
    .command('gap')
    .description(
      'what customers use and do not buy, found in generated texts whose truth is known, beside character n-grams',
    )
    .option('--customers <n>', 'of the generated wholesaler', wholeNumber(50), 2000)
    .option('--products <n>', 'of the generated wholesaler', wholeNumber(8), 400)
    .option('--days <n>', 'of sales', wholeNumber(1), 120)
    .option('--names <folder>', 'daily sales files whose product names are paraphrased and linked back too')
    .option('--seed <n>', 'of texts and training', wholeNumber(0, 4_294_967_295), 1)
    .option('--show <n>', 'gaps to show', wholeNumber(0, 1000), 20)
    .action(async ({ names, ...options }: GapArguments, command: Command) => {
      const { terminal } = contextOf(command);
      const { benchGap, benchLinking } = await import('../../bench/gap.ts');
      const say = (line: string): void => terminal.note(line);
      const sql = duckdbEngine({});
      const linking = names === undefined ? {} : await benchLinking(sql, names, options.seed, say);
      process.stdout.write(`${JSON.stringify({ ...(await benchGap(sql, options, say)), ...linking })}\n`);
    });

  bench
    .command('drift')
    .description(
      'false alarms of windows without change and planted shifts of medium size, beside the default rules of Evidently',
    )
    .option('--source <folder>', 'daily sales files in the columns of UCI Online Retail; default: generated rows')
    .option('--python <path>', 'a Python with the packages of bench/peers/requirements.txt', 'python3')
    .option('--peer <file>', 'the script that judges by Evidently', 'bench/peers/evidently_drift.py')
    .option('--windows <n>', 'without change', wholeNumber(1), 200)
    .option('--planted <n>', 'windows of each kind of shift', wholeNumber(1), 100)
    .option('--rows <n>', 'of a window; default 600, of sales 1800, which are whole invoices', wholeNumber(20))
    .option('--reference <n>', 'rows kept of the reference; default 3000, of sales 8000', wholeNumber(100))
    .option('--seed <n>', 'of rows, windows and shifts', wholeNumber(0, 4_294_967_295), 1)
    .action(async (options: DriftBenchOptions, command: Command) => {
      const { terminal } = contextOf(command);
      const { benchDrift } = await import('../../bench/drift/index.ts');
      const figures = await benchDrift(duckdbEngine({}), options, (line) => terminal.note(line));
      process.stdout.write(`${JSON.stringify(figures)}\n`);
    });

  bench
    .command('offers')
    .description('preprocessing beside DuckDB alone, next products in closed form beside ALS of implicit')
    .option(
      '--source <folder>',
      'daily sales files in the columns of UCI Online Retail',
      '../shared/data/online-retail',
    )
    .option('--python <path>', 'a Python with implicit, pandas and pyarrow', 'python3')
    .option('--peer <file>', 'the script that times ALS', 'bench/peers/implicit_als.py')
    .option('--rounds <n>', 'measurements of each, in turn', wholeNumber(1), 3)
    .option('--boosted', 'the boosted ranker too, which takes minutes')
    .action(async (options: OffersBenchOptions, command: Command) => {
      const { terminal } = contextOf(command);
      const { benchOffers } = await import('../../bench/offers/index.ts');
      const figures = await benchOffers(duckdbEngine({}), options, (line) => terminal.note(line));
      process.stdout.write(`${JSON.stringify(figures)}\n`);
    });

  bench
    .command('offers-day')
    .description(
      'whole days of generated wholesalers, each on servers of its own: seconds, memory, disk, and how they grow',
    )
    .option('--customers <list>', 'sizes, ascending, such as 2000,10000,100000', sizes, [2000, 10_000, 100_000])
    .option('--products <n>', 'of each wholesaler', wholeNumber(8), 20_000)
    .option('--days <n>', 'of sales', wholeNumber(60), 365)
    .option(
      '--results <file>',
      'JSON file that keeps each size when it is measured: those of earlier calls are compared, too',
    )
    .option('--param <key=value>', 'a parameter of the runs; may be given again', parameter, {})
    .action(async (options: OffersDayArguments, command: Command) => {
      const { terminal } = contextOf(command);
      const { benchOffersDay } = await import('../../bench/offers-day.ts');
      const perennial = process.argv[1] as string;
      const figures = await benchOffersDay({ ...options, params: options.param, command: perennial }, (line) =>
        terminal.note(line),
      );
      process.stdout.write(`${JSON.stringify(figures)}\n`);
    });

  bench
    .command('retraining')
    .description(
      'generated years with two degradations and an outage: what the default policy decides, and its backtest',
    )
    .option('--years <n>', 'each of its own seed', wholeNumber(1, 10_000), 20)
    .option('--seed <n>', 'of the first year', wholeNumber(0, 4_294_967_295), 1)
    .action(async (options: RetrainingBenchOptions, command: Command) => {
      const { terminal } = contextOf(command);
      const { benchRetraining } = await import('../../bench/retraining/index.ts');
      process.stdout.write(`${JSON.stringify(await benchRetraining(options, (line) => terminal.note(line)))}\n`);
    });

  bench
    .command('translate')
    .description('a tiny transformer beside CTranslate2 (greedy, random weights) and JAX (training steps)')
    .option('--python <path>', 'a Python with ctranslate2, numpy and jax', 'python3')
    .option('--peers <folder>', 'where nmt_peer.py and nmt_train_peer.py are', '../shared/tools')
    .option('--rounds <n>', 'measurements of each, in turn', wholeNumber(1), 5)
    .action(async ({ python, peers, rounds }: { python: string; peers: string; rounds: number }, command: Command) => {
      const { terminal } = contextOf(command);
      const say = (line: string): void => terminal.note(line);
      const { benchTranslation } = await import('../../bench/translate.ts');
      const { benchTrainTokens } = await import('../../bench/translate-train.ts');
      const inference = await benchTranslation(say, { python, peer: join(peers, 'nmt_peer.py'), rounds });
      const script = join(peers, 'nmt_train_peer.py');
      const { peer, ...training } = await benchTrainTokens({ script, python, rounds }, say);
      process.stdout.write(`${JSON.stringify({ ...inference, ...training, train_peer: peer })}\n`);
    });

  bench
    .command('obedience')
    .description('invented words as the targets of real nouns: how many appear, and whether the sentences stay sound')
    .option('--pair <languages>', 'such as en-de, or with regions en-US:de-AT', languagePair, {
      source: 'en',
      target: 'de',
    })
    .requiredOption('--in <prefix>', 'sentences and their references: PREFIX.en and PREFIX.de, also as .gz')
    .option(
      '--nouns <file>',
      'CSV with the columns source,usual: nouns, and beginnings of their usual translations parted by /; default: 60 of English with German',
    )
    .option('--model <version>', 'version or alias', 'champion')
    .option('--beam <n>', 'hypotheses kept at a time', wholeNumber(1, 16), 5)
    .option('--seed <n>', 'of the invented words', wholeNumber(0, 4_294_967_295), 1)
    .option('--show <n>', 'translations to show', wholeNumber(0, 1000), 20)
    .action(async (options: ObedienceArguments, command: Command) => {
      const { config, terminal } = contextOf(command);
      const { benchObedience } = await import('../../bench/obedience.ts');
      const { parseNouns } = await import('../../bench/invented-terms.ts');
      const { readParallel } = await import('../../pipelines/translation/parallel-files.ts');
      const { composeTranslation } = await import('../../workers/compose-translation.ts');
      const { nounsEnDe } = await import('../../bench/nouns-en-de.ts');
      const nouns = parseNouns(options.nouns === undefined ? nounsEnDe : await readFile(options.nouns, 'utf8'));
      const pairs: ParallelLine[] = [];
      for await (const line of readParallel(options.in, options.pair)) pairs.push(line);
      await withServices(config, terminal, async ({ services, database }, connected) => {
        const translation = composeTranslation(connected, database, services.artifacts);
        try {
          const figures = await benchObedience(translation.service, pairs, nouns, options, (line) =>
            terminal.note(line),
          );
          process.stdout.write(`${JSON.stringify(figures)}\n`);
        } finally {
          await translation.close();
        }
      });
    });

  bench
    .command('rollout')
    .description(
      'requests through two serving replicas while versions of a model are swapped, rolled out and taken back',
    )
    .option('--requests <n>', 'in all', wholeNumber(200), 10_000)
    .option('--rate <n>', 'requests a second', wholeNumber(1, 10_000), 200)
    .action(async (options: { requests: number; rate: number }, command: Command) => {
      const { config, terminal } = contextOf(command);
      const { benchRollout } = await import('../../bench/rollout.ts');
      await withServices(config, terminal, async (_composed, connected) => {
        const figures = await benchRollout(connected, (line) => terminal.note(line), options);
        process.stdout.write(`${JSON.stringify(figures)}\n`);
      });
    });

  bench
    .command('rollout-trials')
    .description(
      'rollouts of planted candidates, equal, worse, slower and failing ones: which are taken back, and when',
    )
    .option('--trials <n>', 'of each kind', wholeNumber(1, 1000), 20)
    .option('--rate <n>', 'requests a second of each', wholeNumber(1, 1000), 25)
    .option('--seed <n>', 'of requests and chance', wholeNumber(0, 1_000_000), 1)
    .action(async (options: { trials: number; rate: number; seed: number }, command: Command) => {
      const { config, terminal } = contextOf(command);
      const { benchRolloutTrials } = await import('../../bench/rollout-trials.ts');
      await withServices(config, terminal, async (_composed, connected) => {
        const figures = await benchRolloutTrials(connected, (line) => terminal.note(line), options);
        process.stdout.write(`${JSON.stringify(figures)}\n`);
      });
    });

  bench
    .command('translate-load')
    .description('the API under an open loop of requests of one to three sentences, then under too many of them')
    .option('--pair <languages>', 'such as en-de, or with regions en-US:de-AT; default en-de', languagePair)
    .option('--in <file>', 'sentences, one a line, also as .gz; default: development sentences of the model')
    .option('--rate <n>', 'requests a second', wholeNumber(1, 10_000), 100)
    .option('--seconds <n>', 'at that rate', wholeNumber(1, 3600), 60)
    .option('--overload <n>', 'rate of the overload, in multiples', wholeNumber(2, 100), 10)
    .option('--model <version>', 'version or alias', 'champion')
    .option('--seed <n>', 'of arrivals and texts', wholeNumber(0, 4_294_967_295), 1)
    .action(async ({ pair = enDe, ...options }: LoadArguments, command: Command) => {
      const { config, terminal } = contextOf(command);
      const { benchTranslateLoad } = await import('../../bench/translate-load.ts');
      await withServices(config, terminal, async (composed, connected) => {
        const say = (line: string): void => terminal.note(line);
        const figures = await benchTranslateLoad(composed, connected, say, { pair, ...options });
        process.stdout.write(`${JSON.stringify(figures)}\n`);
      });
    });

  bench
    .command('serving')
    .description('translations by a serving replica itself and by the API in front of it: what the way adds')
    .option('--pair <languages>', 'such as en-de, or with regions en-US:de-AT; default en-de', languagePair)
    .option('--in <file>', 'sentences, one a line, also as .gz; default: development sentences of the model')
    .option('--rate <n>', 'requests a second', wholeNumber(1, 10_000), 50)
    .option('--seconds <n>', 'of each round, by each way', wholeNumber(1, 3600), 10)
    .option('--rounds <n>', 'by each way, in turn', wholeNumber(1), 5)
    .option('--model <version>', 'version or alias', 'champion')
    .option('--seed <n>', 'of arrivals and texts', wholeNumber(0, 4_294_967_295), 1)
    .action(async ({ pair = enDe, ...options }: ServingArguments, command: Command) => {
      const { config, terminal } = contextOf(command);
      const { benchServing } = await import('../../bench/serving.ts');
      await withServices(config, terminal, async (composed, connected) => {
        const say = (line: string): void => terminal.note(line);
        const figures = await benchServing(composed, connected, say, { pair, ...options });
        process.stdout.write(`${JSON.stringify(figures)}\n`);
      });
    });
}

type ServingArguments = Omit<ServingBenchOptions, 'pair'> & Partial<Pick<ServingBenchOptions, 'pair'>>;

type OffersDayArguments = Omit<OffersDayOptions, 'params' | 'command'> & {
  readonly param: Readonly<Record<string, string>>;
};

function sizes(text: string): number[] {
  return text.split(',').map((size) => wholeNumber(1)(size));
}

interface GapArguments extends GapBenchOptions {
  readonly names?: string;
}

interface ObedienceArguments extends ObedienceOptions {
  readonly in: string;
  readonly nouns?: string;
}

type LoadArguments = Omit<TranslateLoadOptions, 'pair'> & Partial<Pick<TranslateLoadOptions, 'pair'>>;
