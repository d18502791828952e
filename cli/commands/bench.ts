import { join } from 'node:path';
import type { Command } from 'commander';
import { contextOf, wholeNumber } from '../command.ts';
import { withServices } from '../installation.ts';

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
}
