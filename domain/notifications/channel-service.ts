import { randomBytes } from 'node:crypto';
import { type FieldFault, PerennialError } from '../../contracts/errors.ts';
import {
  type Channel,
  type ChannelKind,
  type ChannelSettings,
  ChannelSettingsSchema,
  type NotificationRecord,
} from '../../contracts/notifications.ts';
import { schemaFaults, tellFaults } from '../dag/params.ts';
import type { Clock } from '../ports/clock.ts';
import type { ChannelRepository, ChannelSecret, NotificationRepository } from '../ports/notifications.ts';
import { zoneName } from '../schedules/zone.ts';

export interface NewChannelRequest {
  readonly id: string;
  readonly kind: ChannelKind;
  readonly settings?: ChannelSettings | undefined;
  /** Where a webhook is; kept encrypted. */
  readonly url?: string | undefined;
}

export interface ChannelChange {
  readonly settings?: ChannelSettings | undefined;
  readonly url?: string | undefined;
  readonly enabled?: boolean | undefined;
}

/** Channels as people handle them. Faults are VALIDATION_FAILED with the field, an unknown id is NOT_FOUND. */
export interface ChannelService {
  /** `signingSecret` is there for signed webhooks, this once. CONFLICT when the id is taken. */
  create(request: NewChannelRequest): Promise<{ channel: Channel; signingSecret: string | null }>;
  show(id: string): Promise<Channel>;
  /** Settings are replaced as a whole. */
  change(id: string, change: ChannelChange): Promise<Channel>;
  /** Another secret for a signed webhook; the one before ends at once. VALIDATION_FAILED for other kinds. */
  rotate(id: string): Promise<{ channel: Channel; signingSecret: string }>;
  remove(id: string): Promise<void>;
  /** Queues a test message. */
  test(id: string, by: string): Promise<NotificationRecord>;
}

export function createChannelService({
  channels,
  notifications,
  clock,
  hasMailer = false,
}: {
  readonly channels: ChannelRepository;
  readonly notifications: Pick<NotificationRepository, 'add' | 'get'>;
  readonly clock: Clock;
  /** Whether a mail server is set; default: no. */
  readonly hasMailer?: boolean;
}): ChannelService {
  const show = async (id: string): Promise<Channel> => found(id, await channels.get(id));
  return {
    show,
    async create({ id, kind, settings: given = {}, url }) {
      refuse([...settingsFaults(kind, given), ...urlFaults(kind, url, true)]);
      if (kind === 'email' && !hasMailer) {
        throw new PerennialError('CONFIG_INVALID', 'No mail server is set: PERENNIAL_SMTP_URL is empty.', {
          remedy: 'Set PERENNIAL_SMTP_URL and PERENNIAL_MAIL_FROM for every process, and start them again.',
        });
      }
      const settings = withDefaults(given);
      const signingSecret = kind === 'webhook' ? newSecret() : null;
      const secret: ChannelSecret | null =
        url === undefined ? null : { url, ...(signingSecret ? { signingSecret } : {}) };
      const target = targetOf(settings, url);
      const channel = await channels.create({ id, kind, settings, target, secret }, clock.now());
      return { channel, signingSecret };
    },
    async change(id, { settings: given, url, enabled }) {
      const { kind, settings: before } = await show(id);
      refuse([...(given ? settingsFaults(kind, given) : []), ...urlFaults(kind, url, false)]);
      const settings = given ? withDefaults(given) : before;
      const secret = url === undefined ? undefined : { ...(await channels.secret(id)), url };
      const target = kind === 'email' || url !== undefined ? targetOf(settings, url) : undefined;
      return found(
        id,
        await channels.change(id, {
          settings,
          ...(enabled === undefined ? {} : { enabled }),
          ...(target === undefined ? {} : { target }),
          ...(secret === undefined ? {} : { secret }),
        }),
      );
    },
    async rotate(id) {
      const { kind } = await show(id);
      const secret = await channels.secret(id);
      if (kind !== 'webhook' || !secret)
        refuse([{ field: 'id', value: id, message: 'is no signed webhook: it has no secret to change' }]);
      const signingSecret = newSecret();
      const next = { url: secret?.url ?? '', signingSecret };
      return { channel: found(id, await channels.change(id, { secret: next })), signingSecret };
    },
    async remove(id) {
      found(id, (await channels.remove(id)) || null);
    },
    async test(id, by) {
      await show(id);
      const now = clock.now();
      const dedupe = `test/${id}/${now.toISOString()}/${randomBytes(4).toString('hex')}`;
      const title = 'Test of the channel';
      const [added] = await notifications.add([{ channel: id, dedupe, title, content: { kind: 'test', by } }], now);
      const { content: _, ...record } = found(id, added === undefined ? null : await notifications.get(added));
      return record;
    },
  };
}

function withDefaults({ topics, resolved, ...settings }: ChannelSettings): ChannelSettings {
  return {
    ...settings,
    topics: topics ?? ['alerts', 'escalations', ...(settings.digest ? (['digest'] as const) : [])],
    resolved: resolved ?? true,
  };
}

/** What of the address may be shown: people's addresses, and the host of a webhook. */
function targetOf({ to = [] }: ChannelSettings, url: string | undefined): string {
  return url === undefined ? to.join(', ') : new URL(url).host;
}

/** 192 random bits, as Standard Webhooks writes a secret. */
function newSecret(): string {
  return `whsec_${randomBytes(24).toString('base64')}`;
}

function settingsFaults(kind: ChannelKind, settings: ChannelSettings): FieldFault[] {
  const faults = schemaFaults(ChannelSettingsSchema, settings);
  if (faults.length > 0) return faults.map((fault) => ({ ...fault, field: `settings.${fault.field}` }));
  const { to, digest, topics } = settings;
  if (kind === 'email' && !to)
    faults.push({ field: 'settings.to', message: 'is missing: the addresses that mail goes to' });
  if (kind !== 'email' && to)
    faults.push({ field: 'settings.to', value: to, message: `is for e-mail, not for ${kind}` });
  if (topics?.includes('digest') && !digest)
    faults.push({ field: 'settings.digest', message: 'is missing: when the digest is sent' });
  if (digest && !zoneName(digest.zone))
    faults.push({
      field: 'settings.digest.zone',
      value: digest.zone,
      message: 'is not an IANA time zone such as Europe/Berlin',
    });
  return faults;
}

function urlFaults(kind: ChannelKind, url: string | undefined, isNew: boolean): FieldFault[] {
  if (kind === 'email')
    return url === undefined ? [] : [{ field: 'url', message: 'is for webhooks; mail goes to settings.to' }];
  if (url === undefined) return isNew ? [{ field: 'url', message: 'is missing: the address of the webhook' }] : [];
  const isWeb = URL.canParse(url) && ['http:', 'https:'].includes(new URL(url).protocol);
  return isWeb ? [] : [{ field: 'url', message: 'must be an address that begins with https:// or http://' }];
}

function refuse(fields: readonly FieldFault[]): void {
  if (fields.length === 0) return;
  const { told, text } = tellFaults(fields);
  throw new PerennialError('VALIDATION_FAILED', `${text}.`, {
    fields: told,
    remedy: 'Correct the named fields; docs/how-to/alerts.md shows each kind of channel.',
  });
}

function found<T>(id: string, value: T | null): T {
  if (value !== null) return value;
  throw new PerennialError('NOT_FOUND', `There is no channel "${id}".`, { remedy: 'GET /v1/channels lists them.' });
}
