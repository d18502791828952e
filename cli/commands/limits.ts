import type { Command } from 'commander';
import type { LimitState } from '../../contracts/limits.ts';
import type { Waiting } from '../../contracts/runs.ts';
import { contextOf, wholeNumber } from '../command.ts';
import { withApi } from '../installation.ts';
import { table, time } from '../terminal.ts';
import { waitText } from '../waits.ts';

export function limitsCommand(program: Command): void {
  const limits = program.command('limits').description('limits on runs and pools, and the queue before them');
  const path = (name: string): string => `/v1/limits/${encodeURIComponent(name)}`;

  limits
    .command('ls', { isDefault: true })
    .description('limits, who set them, and how full they are')
    .action(async (_options: object, command: Command) => {
      const { config, terminal } = contextOf(command);
      await withApi(config, terminal, async (api) => {
        const found = await api.get<{ limits: LimitState[] }>('/v1/limits');
        const rows = found.limits.map((l) => [l.name, l.active, l.capacity ?? 'none', l.waiting, l.by ?? 'the code']);
        terminal.result(found, () =>
          table(['limit', 'in use', 'of', 'waiting', 'set by'], rows, {
            right: ['in use', 'of', 'waiting'],
            empty: 'Nothing is limited: no pipeline of the code says so, and no pool is in use.',
          }),
        );
      });
    });

  limits
    .command('queue')
    .description('runs and steps that wait, first first')
    .action(async (_options: object, command: Command) => {
      const { config, terminal } = contextOf(command);
      await withApi(config, terminal, async (api) => {
        const found = await api.get<{ waiting: Waiting[] }>('/v1/queue');
        const rows = found.waiting.map((w) => [w.runId, w.priority, time(w.since), waitText(w)]);
        terminal.result(found, () =>
          table(['run', 'priority', 'since', ''], rows, { right: ['priority'], empty: 'Nothing waits.' }),
        );
      });
    });

  limits
    .command('set')
    .description('set a limit until it is cleared; 0 lets nothing in')
    .argument('<name>', 'a pipeline, pipeline/key, or pool:name')
    .argument('<capacity>', 'runs or slots at a time', wholeNumber(0))
    .action(async (name: string, capacity: number, _options: object, command: Command) => {
      const { config, terminal } = contextOf(command);
      await withApi(config, terminal, async (api) => {
        const set = await api.put(path(name), { capacity });
        terminal.result(set, () => `${name}: ${capacity} at a time.`);
      });
    });

  limits
    .command('clear')
    .description('go back to what the pipeline states')
    .argument('<name>')
    .action(async (name: string, _options: object, command: Command) => {
      const { config, terminal } = contextOf(command);
      await withApi(config, terminal, async (api) => {
        await api.delete(path(name));
        terminal.result({ name, cleared: true }, () => `${name}: as the pipeline states.`);
      });
    });
}
