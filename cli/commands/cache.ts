import type { Command } from 'commander';
import type { CacheUse } from '../../domain/ports/step-cache.ts';
import { contextOf } from '../command.ts';
import { withApi } from '../installation.ts';
import { table, time } from '../terminal.ts';

export function cacheCommand(program: Command): void {
  const cache = program.command('cache').description('outputs kept by the step cache');

  cache
    .command('ls', { isDefault: true })
    .description('what is kept, by step')
    .action(async (_options: object, command: Command) => {
      const { config, terminal } = contextOf(command);
      await withApi(config, terminal, async (api) => {
        const found = await api.get<{ steps: CacheUse[] }>('/v1/cache');
        const rows = found.steps.map((s) => [
          s.pipeline,
          s.stepId,
          s.entries,
          (s.bytes / 2 ** 20).toFixed(1),
          time(s.usedAt),
        ]);
        terminal.result(found, () =>
          table(['pipeline', 'step', 'outputs', 'MiB', 'last used'], rows, { right: ['outputs', 'MiB'] }),
        );
      });
    });

  cache
    .command('clear')
    .description('drop the outputs of a pipeline, or of one step')
    .argument('<pipeline>')
    .argument('[step]')
    .action(async (pipeline: string, step: string | undefined, _options: object, command: Command) => {
      const { config, terminal } = contextOf(command);
      await withApi(config, terminal, async (api) => {
        const query = new URLSearchParams({ pipeline, ...(step === undefined ? {} : { step }) });
        const answer = await api.delete<{ dropped: number }>(`/v1/cache?${query}`);
        terminal.result(answer, () => `${answer.dropped} outputs dropped.`);
      });
    });
}
