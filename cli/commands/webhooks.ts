import { readFileSync } from 'node:fs';
import { type Command, Option } from 'commander';
import { type WebhookSource, webhookSchemes } from '../../contracts/webhooks.ts';
import { contextOf, expression, wholeNumber } from '../command.ts';
import { withApi } from '../installation.ts';
import { type Terminal, table, time } from '../terminal.ts';

type WithSecret = WebhookSource & { readonly secret: string };
const pathOf = (id: string): string => `/v1/webhook-sources/${encodeURIComponent(id)}`;

export function webhooksCommand(program: Command): void {
  const webhooks = program.command('webhooks').description('who may send webhooks, and what they start');

  webhooks
    .command('ls', { isDefault: true })
    .description('all sources')
    .action(async (_options: object, command: Command) => {
      const { config, terminal } = contextOf(command);
      await withApi(config, terminal, async (api) => {
        const found = await api.get<{ sources: WebhookSource[] }>('/v1/webhook-sources');
        terminal.result(found, () =>
          table(
            ['source', 'scheme', 'starts', 'secrets', 'state'],
            found.sources.map((s) => [
              s.id,
              s.scheme,
              s.starts?.pipeline ?? '',
              s.secrets
                .map((k) => (k.expiresAt ? `until ${time(k.expiresAt)}` : `since ${time(k.createdAt)}`))
                .join(', '),
              s.enabled ? 'on' : 'off',
            ]),
            { empty: 'Nobody may send webhooks. `perennial webhooks add SOURCE` lets someone.' },
          ),
        );
      });
    });

  webhooks
    .command('add')
    .description('let someone send webhooks; shows the secret once')
    .argument('<source>', 'part of the address: /v1/webhooks/<source>')
    .addOption(new Option('--scheme <scheme>', 'how it signs').choices([...webhookSchemes]).default('standard'))
    .option('--secret <secret>', 'the sender’s, where it makes them, - for standard input; default: a new one')
    .option('--event-type <type>', 'type of all its events; default: what the sender says')
    .option('--tolerance <seconds>', 'how far a signed time may be from now', wholeNumber(1, 3600))
    .option('--starts <pipeline>', 'start this pipeline with each event')
    .option(
      '--param <name=expression>',
      'parameter of the run: CEL over `event`, such as market=event.data.market',
      expression,
    )
    .action(async (id: string, options: AddOptions, command: Command) => {
      const { config, terminal } = contextOf(command);
      const { scheme, eventType, tolerance: toleranceSeconds, starts: pipeline, param: params = {} } = options;
      const secret = secretOf(options.secret);
      await withApi(config, terminal, async (api) => {
        const starts = pipeline === undefined ? undefined : { pipeline, params };
        const body = { id, scheme, secret, eventType, toleranceSeconds, starts };
        shown(terminal, await api.post<WithSecret>('/v1/webhook-sources', body));
      });
    });

  webhooks
    .command('change')
    .description('change a source; what is not given stays')
    .argument('<source>')
    .option('--event-type <type>', 'type of all its events')
    .option('--no-event-type', 'types are what the sender says')
    .option('--tolerance <seconds>', 'how far a signed time may be from now', wholeNumber(1, 3600))
    .option('--starts <pipeline>', 'start this pipeline with each event')
    .option('--no-starts', 'start nothing')
    .option('--param <name=expression>', 'with --starts: parameter of the run, CEL over `event`', expression)
    .action(async (id: string, options: ChangeOptions, command: Command) => {
      const { config, terminal } = contextOf(command);
      const { eventType, tolerance: toleranceSeconds, starts: pipeline, param: params } = options;
      if (params && typeof pipeline !== 'string') command.error('error: --param needs --starts, with all parameters');
      const starts = typeof pipeline === 'string' ? { pipeline, params: params ?? {} } : noneIf(pipeline);
      const body = {
        eventType: typeof eventType === 'string' ? eventType : noneIf(eventType),
        toleranceSeconds,
        starts,
      };
      if (Object.values(body).every((value) => value === undefined)) command.error('error: say what is to change');
      await withApi(config, terminal, async (api) => {
        const source = await api.patch<WebhookSource>(pathOf(id), body);
        terminal.result(source, () => `${id} is changed.`);
      });
    });

  webhooks
    .command('rotate')
    .description('give a source a new secret; the one in use stays valid for a while')
    .argument('<source>')
    .option('--secret <secret>', '- for standard input; default: a new one')
    .option('--overlap <hours>', 'hours the one in use stays valid', wholeNumber(0, 720), 24)
    .action(async (id: string, options: { secret?: string; overlap: number }, command: Command) => {
      const { config, terminal } = contextOf(command);
      await withApi(config, terminal, async (api) => {
        const body = { secret: secretOf(options.secret), overlapHours: options.overlap };
        shown(terminal, await api.post<WithSecret>(`${pathOf(id)}/rotate`, body));
      });
    });

  for (const [name, enabled, says] of [
    ['enable', true, 'on'],
    ['disable', false, 'off'],
  ] as const) {
    webhooks
      .command(name)
      .description(`switch a source ${says}`)
      .argument('<source>')
      .action(async (id: string, _options: object, command: Command) => {
        const { config, terminal } = contextOf(command);
        await withApi(config, terminal, async (api) => {
          const source = await api.patch<WebhookSource>(pathOf(id), { enabled });
          terminal.result(source, () => `${id} is ${says}.`);
        });
      });
  }

  webhooks
    .command('rm')
    .description('take webhooks of a source no more; its events stay')
    .argument('<source>')
    .action(async (id: string, _options: object, command: Command) => {
      const { config, terminal } = contextOf(command);
      await withApi(config, terminal, async (api) => {
        await api.delete(pathOf(id));
        terminal.result({ id, removed: true }, () => `${id} is removed.`);
      });
    });
}

/** `false` is what commander makes of `--no-…`. */
interface ChangeOptions {
  readonly eventType?: string | false;
  readonly tolerance?: number;
  readonly starts?: string | false;
  readonly param?: Readonly<Record<string, string>>;
}

function noneIf(given: false | undefined): null | undefined {
  return given === false ? null : undefined;
}

/** A secret on the command line stands in the shell's history and in the list of processes: `-` keeps it out of both. */
function secretOf(given: string | undefined): string | undefined {
  return given === '-' ? readFileSync(0, 'utf8').trim() : given;
}

interface AddOptions {
  readonly scheme: string;
  readonly secret?: string;
  readonly eventType?: string;
  readonly tolerance?: number;
  readonly starts?: string;
  readonly param?: Readonly<Record<string, string>>;
}

function shown(terminal: Terminal, source: WithSecret): void {
  const [, before] = source.secrets;
  terminal.result(source, () =>
    [
      `Webhooks of ${source.id} go to POST /v1/webhooks/${source.id}, signed as "${source.scheme}" says.`,
      `  secret (shown once): ${source.secret}`,
      ...(before?.expiresAt ? [`  the one before is valid until ${time(before.expiresAt)} UTC`] : []),
      ...(source.starts ? [`  each event starts ${source.starts.pipeline}`] : []),
    ].join('\n'),
  );
}
