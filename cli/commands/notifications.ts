import { type Command, Option } from 'commander';
import { type NotificationRecord, notificationStates } from '../../contracts/notifications.ts';
import { notificationsText } from '../alerts.ts';
import { apiAction } from '../api-action.ts';
import { wholeNumber } from '../command.ts';

export function notificationsCommand(program: Command): void {
  const notifications = program.command('notifications').description('messages to channels, and what became of them');

  notifications
    .command('ls', { isDefault: true })
    .description('messages, newest first')
    .addOption(new Option('--state <state>', '`failed`: those that were given up').choices([...notificationStates]))
    .option('--channel <channel>')
    .option('--limit <n>', 'messages at most', wholeNumber(1, 500), 50)
    .action(
      apiAction(async (api, terminal, _given, filter) => {
        const page = await api.get<{ notifications: NotificationRecord[] }>('/v1/notifications', filter);
        terminal.result(page, () => notificationsText(page.notifications));
      }),
    );

  notifications
    .command('resend')
    .description('send a message again that was given up, or all such of a channel')
    .argument('[message]', 'its number')
    .option('--failed-of <channel>', 'all that were given up of this channel')
    .action(
      apiAction<{ failedOf?: string }>(async (api, terminal, [number], { failedOf }) => {
        const ids = failedOf === undefined ? [String(number ?? '')] : await failedIds(failedOf);
        const sent: NotificationRecord[] = [];
        for (const id of ids)
          sent.push(await api.post<NotificationRecord>(`/v1/notifications/${encodeURIComponent(id)}/resend`));
        terminal.result({ notifications: sent }, () => `${sent.length} to be sent again.`);

        async function failedIds(channel: string): Promise<string[]> {
          const query = { state: 'failed', channel, limit: 500 };
          const page = await api.get<{ notifications: NotificationRecord[] }>('/v1/notifications', query);
          return page.notifications.map(({ id }) => String(id)).reverse();
        }
      }),
    );
}
