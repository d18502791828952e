import { readFileSync } from 'node:fs';
import { type Command, Option } from 'commander';
import {
  type Channel,
  type ChannelSettings,
  channelKinds,
  channelTopics,
  type NotificationRecord,
} from '../../contracts/notifications.ts';
import { alertSeverities } from '../../contracts/rules.ts';
import { apiAction } from '../api-action.ts';
import { several } from '../command.ts';
import { type Terminal, table } from '../terminal.ts';

type WithSecret = Channel & { readonly signingSecret?: string };
type SettingOptions = Omit<ChannelSettings, 'digest' | 'topics'> & {
  readonly url?: string;
  readonly topic?: ChannelSettings['topics'];
  readonly severity?: ChannelSettings['severities'];
  readonly pipeline?: string[];
  readonly market?: string[];
  readonly alert?: string[];
  readonly digestAt?: string;
  readonly zone?: string;
};

const pathOf = (id: string): string => `/v1/channels/${encodeURIComponent(id)}`;

export function channelsCommand(program: Command): void {
  const channels = program.command('channels').description('where alerts and digests go');

  channels
    .command('ls', { isDefault: true })
    .description('all channels')
    .action(
      apiAction(async (api, terminal) => {
        const found = await api.get<{ channels: Channel[] }>('/v1/channels');
        terminal.result(found, () =>
          table(
            ['channel', 'kind', 'to', 'told about', 'digest', 'state'],
            found.channels.map(({ id, kind, target, settings, enabled }) => [
              id,
              kind,
              target,
              routeText(settings),
              settings.digest ? `${settings.digest.at} ${settings.digest.zone}` : '',
              enabled ? 'on' : 'off',
            ]),
            {
              empty:
                'No channels: alerts are kept and told to nobody. `perennial channels add CHANNEL KIND` makes one.',
            },
          ),
        );
      }),
    );

  const add = channels
    .command('add')
    .description('let messages go somewhere')
    .argument('<channel>', 'its id')
    .argument('<kind>', channelKinds.join(', '));
  settingOptions(add).action(
    apiAction<SettingOptions>(async (api, terminal, [id, kind], options) => {
      const body = { id, kind, settings: settingsOf(options), url: urlOf(options.url) };
      shown(terminal, await api.post<WithSecret>('/v1/channels', body), 'Made');
    }),
  );

  const change = channels
    .command('change')
    .description('change a channel: its settings as a whole when any is given, or only its address')
    .argument('<channel>');
  settingOptions(change).action(
    apiAction<SettingOptions>(async (api, terminal, [id = ''], options) => {
      const settings = settingsOf(options);
      const url = urlOf(options.url);
      const body = { ...(Object.keys(settings).length > 0 ? { settings } : {}), ...(url === undefined ? {} : { url }) };
      shown(terminal, await api.patch<WithSecret>(pathOf(id), body), 'Changed');
    }),
  );

  channels
    .command('rotate')
    .description('give a signed webhook a new secret; the one before ends now')
    .argument('<channel>')
    .action(
      apiAction(async (api, terminal, [id = '']) =>
        shown(terminal, await api.post<WithSecret>(`${pathOf(id)}/rotate`), 'Changed'),
      ),
    );

  channels
    .command('test')
    .description('send a test message')
    .argument('<channel>')
    .action(
      apiAction(async (api, terminal, [id = '']) => {
        const message = await api.post<NotificationRecord>(`${pathOf(id)}/test`);
        terminal.result(
          message,
          () => `Message ${message.id} is on its way; \`perennial notifications\` shows what becomes of it.`,
        );
      }),
    );

  for (const [name, enabled] of [
    ['enable', true],
    ['disable', false],
  ] as const) {
    channels
      .command(name)
      .description(`switch a channel ${enabled ? 'on' : 'off'}`)
      .argument('<channel>')
      .action(
        apiAction(async (api, terminal, [id = '']) => {
          const channel = await api.patch<Channel>(pathOf(id), { enabled });
          terminal.result(channel, () => `${id} is ${enabled ? 'on' : 'off'}.`);
        }),
      );
  }

  channels
    .command('rm')
    .description('remove a channel with its messages')
    .argument('<channel>')
    .action(
      apiAction(async (api, terminal, [id = '']) => {
        await api.delete(pathOf(id));
        terminal.result({ id, removed: true }, () => `${id} is removed.`);
      }),
    );
}

function settingOptions(command: Command): Command {
  return command
    .option('--url <url>', 'address of the webhook (slack, teams, webhook), - for standard input; kept encrypted')
    .option('--to <address>', 'address of an e-mail channel; may be given again', several)
    .addOption(new Option('--topic <topic>', 'may be given again').choices([...channelTopics]).argParser(several))
    .addOption(
      new Option('--severity <severity>', 'may be given again').choices([...alertSeverities]).argParser(several),
    )
    .option('--pipeline <pattern>', 'told about these only; `*` stands for any text; may be given again', several)
    .option('--market <pattern>', 'told about these only; may be given again', several)
    .option('--alert <pattern>', 'told about these alert definitions only; may be given again', several)
    .option('--no-resolved', 'do not tell when an alert is over')
    .option('--digest-at <HH:MM>', 'send the digest of the day at this local time')
    .option('--zone <zone>', 'IANA time zone of the digest, such as Europe/Berlin');
}

/** What the options say; what is not given is left out. */
function settingsOf(options: SettingOptions): ChannelSettings {
  const { to, topic, severity, pipeline, market, alert, resolved, digestAt, zone } = options;
  const given = {
    to,
    topics: topic,
    severities: severity,
    pipelines: pipeline,
    markets: market,
    alerts: alert,
    // Commander's default of a --no-option is true: as if it were not given.
    resolved: resolved === false ? false : undefined,
    digest: digestAt === undefined ? undefined : { at: digestAt, zone: zone ?? 'UTC' },
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as ChannelSettings;
}

/** An address on the command line stands in the shell's history: `-` keeps it out. */
function urlOf(given: string | undefined): string | undefined {
  return given === '-' ? readFileSync(0, 'utf8').trim() : given;
}

function routeText({ topics = [], severities, pipelines, markets, alerts }: ChannelSettings): string {
  const of = [severities, alerts, pipelines, markets].flatMap((list) => (list ? [list.join(', ')] : []));
  return `${topics.join(', ')}${of.length > 0 ? ` (${of.join('; ')})` : ''}`;
}

function shown(terminal: Terminal, channel: WithSecret, what: string): void {
  const { id, kind, target, settings, signingSecret } = channel;
  terminal.result(channel, () =>
    [
      `${what}: ${id} (${kind} to ${target}), told about ${routeText(settings)}.`,
      ...(signingSecret ? [`  secret (shown once): ${signingSecret}`] : []),
      `  \`perennial channels test ${id}\` sends a test message.`,
    ].join('\n'),
  );
}
