import { type Command, Option } from 'commander';
import type { Alert } from '../../../contracts/alerts.ts';
import { alertSeverities } from '../../../contracts/rules.ts';
import { type AlertShown, alertsText, alertText } from '../../alerts.ts';
import { apiAction } from '../../api-action.ts';
import { wholeNumber } from '../../command.ts';
import { alertDefinitionCommands } from './definitions.ts';
import { silenceCommands } from './silences.ts';

const pathOf = (id: string): string => `/v1/alerts/${encodeURIComponent(id)}`;

export function alertsCommand(program: Command): void {
  const alerts = program.command('alerts').description('what went wrong, what it affects, and who takes care of it');

  alerts
    .command('ls', { isDefault: true })
    .description('alerts that are open, worst first')
    .option('--all', 'also those that are over')
    .option('--pipeline <id>')
    .option('--market <market>')
    .option('--alert <definition>')
    .addOption(new Option('--severity <severity>').choices([...alertSeverities]))
    .option('--limit <n>', 'alerts at most', wholeNumber(1, 500), 50)
    .action(
      apiAction<{ all?: boolean; limit: number }>(async (api, terminal, _given, { all, ...filter }) => {
        const query = { ...filter, state: all ? 'all' : 'open' };
        const page = await api.get<{ alerts: Alert[]; next: string | null }>('/v1/alerts', query);
        terminal.result(page, () => alertsText(page.alerts));
      }),
    );

  alerts
    .command('show')
    .description('an alert: what happened, since when, what it affects, the first thing to do, and what became of it')
    .argument('<alert>')
    .action(
      apiAction(async (api, terminal, [id = '']) => {
        const alert = await api.get<AlertShown>(pathOf(id));
        terminal.result(alert, () => alertText(alert));
      }),
    );

  alerts
    .command('ack')
    .description('say that you take care: it is not escalated any more')
    .argument('<alert>')
    .option('--note <text>', 'what you do about it')
    .action(
      apiAction(async (api, terminal, [id = ''], options) => {
        const alert = await api.post<Alert>(`${pathOf(id)}/acknowledge`, options);
        terminal.result(alert, () => `${alert.acknowledgedBy} takes care of: ${alert.text.title}`);
      }),
    );

  alerts
    .command('resolve')
    .description('say that it is over; it fires again when it happens anew')
    .argument('<alert>')
    .requiredOption('--note <text>', 'why')
    .action(
      apiAction(async (api, terminal, [id = ''], options) => {
        const alert = await api.post<Alert>(`${pathOf(id)}/resolve`, options);
        terminal.result(alert, () => `Over: ${alert.text.title}`);
      }),
    );

  silenceCommands(alerts);
  alertDefinitionCommands(alerts);
}
