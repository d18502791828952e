import { type Command, InvalidArgumentError } from 'commander';
import type { ModelReference, ModelVersion } from '../../../contracts/models.ts';
import { contextOf, wholeNumber } from '../../command.ts';
import { withApi } from '../../installation.ts';
import { pathOf } from '../../models.ts';
import { table } from '../../terminal.ts';

interface Change {
  readonly alias: string;
  readonly reason: string;
  /** 0: none; commander takes no null. */
  readonly expect?: number;
  readonly configuration?: number;
}

const expected = (text: string): number => (text === 'none' ? 0 : wholeNumber(1)(text));
const expectHelp = 'the version it points at now, or none: otherwise nothing is changed';
const configurationHelp =
  'of the champion: by which it is served; 0: the built-in defaults. Default: the one in force stays';
const bodyOf = ({ expect, configuration, reason }: Change) => ({
  reason,
  ...(configuration === undefined ? {} : { configuration }),
  ...(expect === undefined ? {} : { expected: expect || null }),
});

/** Commands that change what serves, and versions themselves. */
export function changeCommands(models: Command): void {
  models
    .command('promote')
    .description('point an alias at a version')
    .argument('<model>')
    .requiredOption('--version <n>', '', wholeNumber(1))
    .option('--alias <name>', '', 'champion')
    .requiredOption('--reason <text>', 'kept in the history')
    .option('--expect <version>', expectHelp, expected)
    .option('--configuration <n>', configurationHelp, wholeNumber(0))
    .action(async (model: string, options: Change & { version: number }, command: Command) => {
      const { config, terminal } = contextOf(command);
      const { version, alias } = options;
      await withApi(config, terminal, async (api) => {
        const found = await api.post<ModelVersion>(pathOf(model, 'aliases', alias), { version, ...bodyOf(options) });
        const how = options.configuration === undefined ? '' : `, served by configuration ${options.configuration}`;
        terminal.result(found, () => `${model} version ${version} is now ${alias}${how}.`);
      });
    });

  models
    .command('rollback')
    .description('point an alias at the version before; again: at the one before that')
    .argument('<model>')
    .option('--alias <name>', '', 'champion')
    .requiredOption('--reason <text>', 'kept in the history')
    .option('--expect <version>', expectHelp, expected)
    .option('--configuration <n>', configurationHelp, wholeNumber(0))
    .action(async (model: string, options: Change, command: Command) => {
      const { config, terminal } = contextOf(command);
      const { alias } = options;
      await withApi(config, terminal, async (api) => {
        const path = `${pathOf(model, 'aliases', alias)}/rollback`;
        const moved = await api.post<{ version: number; before: number | null }>(path, bodyOf(options));
        terminal.result(
          moved,
          () => `${model} version ${moved.version} is ${alias} again, in place of version ${moved.before}.`,
        );
      });
    });

  models
    .command('unset')
    .description('remove an alias: it points at no version')
    .argument('<model>')
    .requiredOption('--alias <name>')
    .requiredOption('--reason <text>', 'kept in the history')
    .action(async (model: string, { alias, reason }: Change, command: Command) => {
      const { config, terminal } = contextOf(command);
      await withApi(config, terminal, async (api) => {
        await api.delete(`${pathOf(model, 'aliases', alias)}?${new URLSearchParams({ reason })}`);
        terminal.result({ model, alias, version: null }, () => `${model} has no ${alias} any more.`);
      });
    });

  models
    .command('describe')
    .description('say something of a version, and label it')
    .argument('<model>')
    .requiredOption('--version <n>', '', wholeNumber(1))
    .option('--description <text>')
    .option('--label <name=value>', 'may be given again; name= takes it away', label)
    .action(
      async (
        model: string,
        { version, description, label: labels }: { version: number; description?: string; label?: Labels },
        command: Command,
      ) => {
        const { config, terminal } = contextOf(command);
        const body = {
          ...(description === undefined ? {} : { description }),
          ...(labels && { labels }),
        };
        await withApi(config, terminal, async (api) => {
          const found = await api.patch<ModelVersion>(pathOf(model, 'versions', version), body);
          terminal.result(found, () => `${model} version ${version} is described.`);
        });
      },
    );

  models
    .command('rm')
    .description('delete a version that nothing refers to; its record stays')
    .argument('<model>')
    .requiredOption('--version <n>', '', wholeNumber(1))
    .option('--reason <text>', 'kept with its record; needed unless --dry-run')
    .option('--dry-run', 'tell what refers to it, and delete nothing')
    .action(
      async (
        model: string,
        { version, reason = '', dryRun }: { version: number; reason?: string; dryRun?: true },
        command: Command,
      ) => {
        const { config, terminal } = contextOf(command);
        await withApi(config, terminal, async (api) => {
          const path = pathOf(model, 'versions', version);
          if (dryRun) {
            const found = await api.get<{ references: ModelReference[] }>(`${path}/references`);
            terminal.result(found, () =>
              table(
                ['kind', 'what', 'why it counts'],
                found.references.map((r) => [r.kind, r.id, r.why]),
                { empty: `Nothing refers to ${model} version ${version}.` },
              ),
            );
            return;
          }
          await api.delete(`${path}?${new URLSearchParams({ reason })}`);
          terminal.result({ model, version, deleted: true }, () => `${model} version ${version} is deleted.`);
        });
      },
    );
}

type Labels = Readonly<Record<string, string | null>>;

/** Gathers `name=value`; `name=` takes a label away. */
function label(text: string, before: Labels = {}): Labels {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('It must be name=value, for example team=sales.');
  return { ...before, [text.slice(0, at)]: text.slice(at + 1) || null };
}
