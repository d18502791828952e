import type { Command } from 'commander';
import { PerennialError } from '../../contracts/errors.ts';
import type { AliasChange, ModelVersion } from '../../contracts/models.ts';
import { contextOf, wholeNumber } from '../command.ts';
import { withApi } from '../installation.ts';
import { table, time } from '../terminal.ts';

export function modelsCommand(program: Command): void {
  const models = program.command('models').description('versions of models and what serves');

  models
    .command('ls', { isDefault: true })
    .description('all versions, newest first')
    .option('--model <name>')
    .action(async (options: { model?: string }, command: Command) => {
      const { config, terminal } = contextOf(command);
      await withApi(config, terminal, async (api) => {
        const found = await api.get<{ models: ModelVersion[] }>('/v1/models', options);
        terminal.result(found, () =>
          table(
            ['model', 'version', 'serves as', 'made', 'figures'],
            found.models.map((m) => [m.model, m.version, m.aliases.join(', '), time(m.createdAt), figures(m)]),
            { right: ['version'] },
          ),
        );
      });
    });

  models
    .command('show')
    .description('a version with its lineage, and what its aliases pointed at')
    .argument('<model>')
    .option('--version <n>', 'default: the newest', wholeNumber(1))
    .action(async (model: string, { version }: { version?: number }, command: Command) => {
      const { config, terminal } = contextOf(command);
      await withApi(config, terminal, async (api) => {
        const { models: versions } = await api.get<{ models: ModelVersion[] }>('/v1/models', { model });
        const found = version === undefined ? versions[0] : versions.find((m) => m.version === version);
        if (!found)
          throw new PerennialError(
            'NOT_FOUND',
            `There is no model "${model}"${version ? ` of version ${version}` : ''}.`,
            {
              remedy: 'perennial models ls lists them.',
            },
          );
        const { changes } = await api.get<{ changes: AliasChange[] }>(
          `/v1/models/${encodeURIComponent(model)}/history`,
        );
        terminal.result({ ...found, changes }, () =>
          [
            `${found.model} version ${found.version}${found.aliases.length > 0 ? `, ${found.aliases.join(' and ')}` : ''}`,
            `  made ${time(found.createdAt)} · ${figures(found)}`,
            `  artifact ${found.artifact.uri} (${(found.artifact.bytes / 1e6).toFixed(1)} MB)`,
            `  lineage ${JSON.stringify(found.lineage)}`,
            '',
            table(
              ['when', 'alias', 'version', 'by', 'why'],
              changes.map((c) => [time(c.at), c.alias, c.version ?? '', c.by, c.reason]),
              { right: ['version'] },
            ),
          ].join('\n'),
        );
      });
    });

  models
    .command('promote')
    .description('point an alias at a version')
    .argument('<model>')
    .requiredOption('--version <n>', '', wholeNumber(1))
    .option('--alias <name>', '', 'champion')
    .requiredOption('--reason <text>', 'kept in the history')
    .action(async (model: string, options: { version: number; alias: string; reason: string }, command: Command) => {
      const { config, terminal } = contextOf(command);
      const { version, alias, reason } = options;
      await withApi(config, terminal, async (api) => {
        const path = `/v1/models/${encodeURIComponent(model)}/aliases/${encodeURIComponent(alias)}`;
        const found = await api.post<ModelVersion>(path, { version, reason });
        terminal.result(found, () => `${model} version ${version} is now ${alias}.`);
      });
    });
}

function figures({ metrics }: ModelVersion): string {
  return Object.entries(metrics)
    .filter((entry): entry is [string, number] => typeof entry[1] === 'number')
    .map(([name, value]) => `${name} ${Number.isInteger(value) ? value : value.toFixed(3)}`)
    .join(', ');
}
