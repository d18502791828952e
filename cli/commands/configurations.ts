import type { Command } from 'commander';
import type { JsonObject } from '../../contracts/json.ts';
import { apiAction } from '../api-action.ts';
import { parameter, wholeNumber } from '../command.ts';
import {
  type Configurations,
  configurationsText,
  configurationWith,
  type SettingsCompared,
  settingsComparedText,
} from '../configurations.ts';
import { pathOf } from '../models.ts';

export const setHelp = 'a setting; may be given again. Others stay as they are in force; beam= takes one away';

export function configurationsCommand(program: Command): void {
  const configurations = program
    .command('configurations')
    .description('how models are served where a request says nothing: list, compare, add');

  configurations
    .command('ls', { isDefault: true })
    .description('newest first, with the one in force and the built-in defaults')
    .argument('<model>')
    .action(
      apiAction(async (api, terminal, [model = '']) => {
        const found = await api.get<Configurations>(pathOf(model, 'configurations'));
        terminal.result(found, () => configurationsText(found));
      }),
    );

  configurations
    .command('compare')
    .description('two configurations side by side, setting by setting')
    .argument('<model>')
    .argument('<a>', 'its number; 0: the built-in defaults', wholeNumber(0))
    .argument('<b>', 'another', wholeNumber(0))
    .action(
      apiAction(async (api, terminal, [model = '', a = '', b = '']) => {
        const query = { a: Number(a), b: Number(b) };
        const compared = await api.get<SettingsCompared>(pathOf(model, 'configurations', 'compare'), query);
        terminal.result(compared, () => settingsComparedText(compared));
      }),
    );

  configurations
    .command('add')
    .description('keep settings as a configuration; nobody is served by it before `perennial deploy`')
    .argument('<model>')
    .requiredOption('--set <name=value>', setHelp, parameter)
    .requiredOption('--reason <text>', 'kept with it')
    .action(
      apiAction(async (api, terminal, [model = ''], { set, reason }: { set: JsonObject; reason: string }) => {
        const configuration = await configurationWith(api, model, set, reason);
        terminal.result(
          { model, configuration },
          () => `It is configuration ${configuration}: perennial deploy ${model} --configuration ${configuration}`,
        );
      }),
    );
}
