import type { Command } from 'commander';
import type { ModelComparison } from '../../../contracts/model-comparison.ts';
import type { AliasPeriod, ModelVersion } from '../../../contracts/models.ts';
import type { TrafficRecord } from '../../../contracts/traffic.ts';
import { contextOf } from '../../command.ts';
import { withApi } from '../../installation.ts';
import { comparisonText, figures, historyText, pathOf, type Served, servedText, versionText } from '../../models.ts';
import { table, time } from '../../terminal.ts';
import { changeCommands } from './changes.ts';
import { fileCommands } from './files.ts';

export function modelsCommand(program: Command): void {
  const models = program.command('models').description('versions of models and what serves');

  models
    .command('ls', { isDefault: true })
    .description('all versions, newest first')
    .option('--model <name>')
    .option('--deleted', 'records of deleted versions too')
    .action(async (options: { model?: string; deleted?: true }, command: Command) => {
      const { config, terminal } = contextOf(command);
      await withApi(config, terminal, async (api) => {
        const { model, deleted } = options;
        const query = { model, deleted: deleted && 'true' };
        const found = await api.get<{ models: ModelVersion[] }>('/v1/models', query);
        terminal.result(found, () =>
          table(
            ['model', 'version', 'serves as', 'made', 'figures'],
            found.models.map((m) => [
              ...[m.model, m.version, m.deleted ? 'deleted' : m.aliases.join(', ')],
              ...[time(m.createdAt), figures(m)],
            ]),
            { right: ['version'] },
          ),
        );
      });
    });

  models
    .command('show')
    .description('a version with its files and lineage, what answers callers now, and what its aliases pointed at')
    .argument('<model>')
    .option('--version <version>', 'a number or an alias', 'newest')
    .action(async (model: string, { version }: { version: string }, command: Command) => {
      const { config, terminal } = contextOf(command);
      await withApi(config, terminal, async (api) => {
        const found = await api.get<ModelVersion>(pathOf(model, 'versions', version));
        const { changes } = await api.get<{ changes: AliasPeriod[] }>(pathOf(model, 'history'));
        const { traffic } = await api.get<{ traffic: TrafficRecord[] }>(pathOf(model, 'traffic'), { limit: 1 });
        const routes = traffic[0]?.routes ?? [];
        terminal.result({ ...found, changes, routes }, () => versionText(found, changes, routes));
      });
    });

  models
    .command('history')
    .description('what aliases pointed at from when until when, by whom and why')
    .argument('<model>')
    .option('--alias <name>', 'default: all')
    .action(async (model: string, options: { alias?: string }, command: Command) => {
      const { config, terminal } = contextOf(command);
      await withApi(config, terminal, async (api) => {
        const found = await api.get<{ changes: AliasPeriod[] }>(pathOf(model, 'history'), options);
        terminal.result(found, () => historyText(found.changes));
      });
    });

  models
    .command('served')
    .description('what served which share of the callers at a time or on a day, and which lists a market had')
    .argument('<model>')
    .option('--at <time>', 'a day or a time, such as 2026-03-03 or 2026-03-03T06:00:00Z; default: now')
    .option('--alias <name>', '', 'champion')
    .option('--market <market>', 'of models that make lists')
    .action(async (model: string, options: { at?: string; alias: string; market?: string }, command: Command) => {
      const { config, terminal } = contextOf(command);
      await withApi(config, terminal, async (api) => {
        const served = await api.get<Served>(pathOf(model, 'served'), options);
        terminal.result(served, () => servedText(served));
      });
    });

  models
    .command('compare')
    .description('two versions side by side: figures, and the data, parameters and code that differ')
    .argument('<model>')
    .argument('[a]', 'a number or an alias', 'champion')
    .argument('[b]', 'another', 'newest')
    .action(async (model: string, a: string, b: string, _options: object, command: Command) => {
      const { config, terminal } = contextOf(command);
      await withApi(config, terminal, async (api) => {
        const comparison = await api.get<ModelComparison>(pathOf(model, 'compare'), { a, b });
        terminal.result(comparison, () => comparisonText(comparison));
      });
    });

  changeCommands(models);
  fileCommands(models);
}
