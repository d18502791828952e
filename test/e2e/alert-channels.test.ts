import { randomBytes } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Alert } from '../../contracts/alerts.ts';
import type { Channel, NotificationRecord } from '../../contracts/notifications.ts';
import { openNotificationQueue } from '../../storage/redis/delivery-queue.ts';
import { openMailer } from '../../storage/senders/mail.ts';
import { openPoster } from '../../storage/senders/post.ts';
import { startAlerting } from '../../workers/alerting.ts';
import { type OpenApi, openApi } from '../api/support.ts';
import { type Listener, openListener } from '../support/listener.ts';
import { type Mailbox, openMailbox } from '../support/mailbox.ts';
import { redisUrl } from '../support/servers.ts';

let api: OpenApi;
let mailbox: Mailbox;
let listener: Listener;
let alerting: { stop(): Promise<void> };
beforeAll(async () => {
  api = await openApi();
  mailbox = await openMailbox();
  listener = await openListener();
  alerting = await startAlerting({
    ...api.database,
    pipelines: new Map(),
    queue: openNotificationQueue({ url: redisUrl(), prefix: `test-${randomBytes(4).toString('hex')}` }),
    mailer: openMailer({ url: mailbox.url, from: 'Perennial <perennial@example.com>' }),
    poster: openPoster(),
    clock: { now: () => new Date() },
    by: 'test',
    keepDays: 90,
    report: () => {},
  });
});
afterAll(async () => {
  await alerting.stop();
  await Promise.all([api.close(), mailbox.close(), listener.close()]);
});

const add = async (id: string, kind: string, given: object): Promise<Channel & { signingSecret?: string }> => {
  const response = await api.call('POST', '/v1/channels', { body: { id, kind, ...given } });
  expect(response.statusCode).toBe(201);
  return response.json();
};
const test = async (id: string): Promise<NotificationRecord> =>
  (await api.call('POST', `/v1/channels/${id}/test`)).json();
const record = async (id: number): Promise<NotificationRecord> =>
  (await api.call('GET', `/v1/notifications/${id}`)).json();
const until = async (id: number, state: NotificationRecord['state']): Promise<NotificationRecord> => {
  for (const from = Date.now(); ; await new Promise((resolve) => setTimeout(resolve, 50))) {
    const found = await record(id);
    if (found.state === state) return found;
    if (Date.now() - from > 40_000) throw new Error(`waited in vain: ${JSON.stringify(found)}`);
  }
};

describe('a channel', () => {
  it('of mail gets HTML and text, with what happened escaped, and answers in one thread', async () => {
    await add('mail', 'email', { settings: { to: ['ops@example.com', 'zoe@example.com'], topics: ['alerts'] } });
    const alert: Alert = {
      id: 'a-1',
      definition: 'run-failed',
      definitionVersion: 1,
      key: 'sales/France',
      pipeline: 'sales',
      market: 'France',
      severity: 'critical',
      state: 'firing',
      text: {
        title: 'Sales, France: a run failed',
        what: 'Run 1 failed: <script>alert("1")</script> & more, größer.',
        affects: ['Sales lists: France.'],
        firstStep: 'Free some space.',
        command: 'perennial runs retry 1',
      },
      findings: [],
      findingCount: 1,
      since: '2026-06-30T05:00:00.000Z',
      firedAt: '2026-06-30T05:00:30.000Z',
      acknowledgedAt: null,
      acknowledgedBy: null,
      escalatedAt: null,
      resolvedAt: null,
      resolution: null,
      silencedBy: null,
      notifiedAt: '2026-06-30T05:00:30.000Z',
    };
    const at = new Date().toISOString();
    const fired = [
      { channel: 'mail', dedupe: 'a-1/1', title: alert.text.title, content: { kind: 'firing', alert } as const },
    ];
    expect(
      await api.database.alerts.save(alert, 0, [{ at, kind: 'fired', by: null, note: '' }], fired, new Date(at)),
    ).toBe(true);
    const mail = await mailbox.next(({ subject }) => subject === '[critical] Sales, France: a run failed');
    expect([...mail.recipients].sort()).toEqual(['ops@example.com', 'zoe@example.com']);
    expect(mail.from?.text).toContain('perennial@example.com');
    expect(mail.headers.get('priority')).toBe('high');
    expect(mail.text).toContain('Run 1 failed: <script>alert("1")</script> & more, größer.');
    expect(mail.text).toContain('Since: 2026-06-30 05:00:00 UTC');
    expect(mail.html).toContain('&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; more, größer.');
    expect(mail.html).not.toContain('<script>');
    // A person says that it is over: the same thread.
    const resolved = await api.call('POST', '/v1/alerts/a-1/resolve', { body: { note: 'done by hand' } });
    expect(resolved.json()).toMatchObject({ state: 'resolved', resolution: 'done by hand' });
    const over = await mailbox.next(({ subject }) => subject === '[over] Sales, France: a run failed');
    expect(over.inReplyTo).toBe(mail.messageId);
    expect(over.text).toContain('done by hand');
  });

  it('of Slack, Teams and a signed webhook gets what it understands', async () => {
    await add('slack', 'slack', { url: `${listener.url}/services/T0/B0/secret` });
    await add('teams', 'teams', { url: `${listener.url}/workflows/1?sig=secret` });
    const { signingSecret = '' } = await add('hook', 'webhook', { url: `${listener.url}/hook` });
    for (const id of ['slack', 'teams', 'hook']) await test(id);
    const slack = await listener.next(({ path }) => path.startsWith('/services'));
    expect(JSON.parse(slack.body)).toMatchObject({
      text: 'Test of a Perennial channel',
      attachments: [{ title: 'This channel works', color: expect.stringMatching(/^#/) }],
    });
    const teams = await listener.next(({ path }) => path === '/workflows/1?sig=secret');
    expect(JSON.parse(teams.body)).toMatchObject({
      type: 'message',
      attachments: [
        { contentType: 'application/vnd.microsoft.card.adaptive', content: { type: 'AdaptiveCard', version: '1.4' } },
      ],
    });
    const hook = await listener.next(({ path }) => path === '/hook');
    expect(new Webhook(signingSecret).verify(hook.body, hook.headers)).toMatchObject({ type: 'channel.test' });
    expect(() => new Webhook(signingSecret).verify(`${hook.body} `, hook.headers)).toThrow();
    // Nobody is shown the secrets again.
    const list = (await api.call('GET', '/v1/channels')).body;
    for (const secret of ['secret', signingSecret, 'whsec_']) expect(list).not.toContain(secret);
  });
});

describe('a message that is not taken', () => {
  it('is sent again until it is, with the same id and a new signature time', async () => {
    const { signingSecret = '' } = await add('flaky', 'webhook', { url: `${listener.url}/flaky` });
    listener.answer('/flaky', 503, 500);
    const { id } = await test('flaky');
    const sent = await until(id, 'sent');
    expect(sent.attempts).toBe(3);
    const requests = listener.requests.filter(({ path }) => path === '/flaky');
    expect(new Set(requests.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    for (const request of requests) new Webhook(signingSecret).verify(request.body, request.headers);
  });

  it('and never will be is given up at once, stands in the list with the reason, makes an alert, and can be sent again', async () => {
    await add('gone', 'slack', { url: `${listener.url}/gone` });
    listener.answer('/gone', 404);
    const { id } = await test('gone');
    const failed = await until(id, 'failed');
    expect(failed).toMatchObject({ attempts: 1, error: { code: 'DELIVERY_REFUSED' } });
    expect(failed.error?.message).toMatch(/answers 404: no: 404$/);
    const list = (await api.call('GET', '/v1/notifications?state=failed')).json();
    expect(list.notifications.map((one: NotificationRecord) => one.id)).toContain(id);
    await listener.next(({ path, body }) => path === '/hook' && body.includes('"messages-given-up"'));
    const again = await api.call('POST', `/v1/notifications/${id}/resend`, { key: api.keys.operator });
    expect(again.statusCode).toBe(202);
    expect(await until(id, 'sent')).toMatchObject({ attempts: 1, error: null });
  });

  it('by the mail server is told by its code: later for 4xx, never for 5xx', async () => {
    await add('box', 'email', { settings: { to: ['box@example.com'] } });
    mailbox.refuse('box@example.com', { code: 451, message: 'try later' });
    const { id: later } = await test('box');
    expect(await until(later, 'sent')).toMatchObject({ attempts: 2 });
    mailbox.refuse('box@example.com', { code: 450, message: 'greylisted' }, 'address');
    const { id: greylisted } = await test('box');
    expect(await until(greylisted, 'sent')).toMatchObject({ attempts: 2 });
    mailbox.refuse('box@example.com', { code: 550, message: 'no such box' });
    const { id: never } = await test('box');
    expect(await until(never, 'failed')).toMatchObject({
      attempts: 1,
      error: { code: 'DELIVERY_REFUSED', message: expect.stringContaining('no such box') },
    });
  });

  it('because the channel is switched off is not sent behind its back', async () => {
    await add('off', 'webhook', { url: `${listener.url}/off` });
    await api.call('PATCH', '/v1/channels/off', { body: { enabled: false } });
    const { id } = await test('off');
    expect(await until(id, 'failed')).toMatchObject({ error: { message: 'The channel "off" is switched off.' } });
    expect(listener.requests.filter(({ path }) => path === '/off')).toEqual([]);
  });
});
