import { randomBytes } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Alert } from '../../contracts/alerts.ts';
import type { Channel } from '../../contracts/notifications.ts';
import { smallDemo } from '../support/demo.ts';
import { type Installation, startInstallation } from '../support/installation.ts';
import { type Listener, openListener, type ReceivedRequest } from '../support/listener.ts';
import { type Mailbox, openMailbox } from '../support/mailbox.ts';
import { perennial as command } from '../support/perennial.ts';

let mailbox: Mailbox;
let listener: Listener;
let perennial: Installation;
beforeAll(async () => {
  mailbox = await openMailbox();
  listener = await openListener();
  perennial = await startInstallation({
    roles: ['api', 'control', 'cpu', 'events'],
    env: {
      PERENNIAL_SMTP_URL: mailbox.url,
      PERENNIAL_MAIL_FROM: 'Perennial <perennial@example.com>',
      PERENNIAL_SECRET_KEY: randomBytes(32).toString('base64'),
    },
  });
}, 180_000);
afterAll(async () => {
  await perennial.close();
  await Promise.all([mailbox.close(), listener.close()]);
});

const within = 60_000;
const alertIn = (request: ReceivedRequest): { type: string; alert?: Alert } => {
  const { type, data } = JSON.parse(request.body) as { type: string; data: { alert?: Alert } };
  return { type, ...data };
};
const isLost = (request: ReceivedRequest): boolean => {
  const { type, alert } = alertIn(request);
  return type === 'alert.fired' && alert?.definition === 'run-lost';
};

it('a run whose worker is killed and never comes back is told by mail and webhook within 60 s', async () => {
  const { api } = perennial;
  await api.post<Channel>('/v1/channels', { id: 'mail', kind: 'email', settings: { to: ['ops@example.com'] } });
  const { signingSecret } = await api.post<{ signingSecret: string }>('/v1/channels', {
    id: 'pager',
    kind: 'webhook',
    url: `${listener.url}/alerts?token=t`,
  });
  const source = await smallDemo(perennial.home);
  let killedAt = 0;
  let runId = '';
  let step = '';
  const running = perennial.runOffers({ source, train: 'always' }, async ({ type, stepId }, id) => {
    if (killedAt > 0 || type !== 'progress' || !stepId.startsWith('represent')) return;
    step = stepId;
    runId = id;
    await perennial.kill('cpu', 'SIGKILL');
    killedAt = Date.now();
  });
  const [mail, request] = await Promise.all([
    mailbox.next(({ subject }) => /lost (its|their) worker/.test(subject ?? '')),
    listener.next(isLost),
  ]);
  const seconds = (at: number): number => (at - killedAt) / 1_000;
  console.log(
    `killed → mailbox ${seconds(mail.receivedAt).toFixed(1)} s, listener ${seconds(request.receivedAt).toFixed(1)} s`,
  );
  expect(seconds(mail.receivedAt)).toBeLessThan(within / 1_000);
  expect(seconds(request.receivedAt)).toBeLessThan(within / 1_000);

  // What happened, since when, what it affects, the first thing to do: in both parts of the mail.
  expect(mail.recipients).toEqual(['ops@example.com']);
  for (const part of [mail.text ?? '', (mail.html || '').replaceAll('&quot;', '"')]) {
    expect(part).toContain(`Run ${runId} of offers`);
    expect(part).toContain(`its step "${step}"`);
    expect(part).toMatch(/Since[\s\S]*\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2} UTC/);
    expect(part).toContain('Offers: all its work.');
    expect(part).toContain('Start the worker "cpu" again');
    expect(part).toContain('perennial workers');
  }
  // The webhook is signed as Standard Webhooks says, and says the same.
  expect(request.path).toBe('/alerts?token=t');
  expect(new Webhook(signingSecret).verify(request.body, request.headers)).toMatchObject({ type: 'alert.fired' });
  const { alert } = alertIn(request);
  expect(alert?.findings.map(({ subject }) => subject)).toContain(`${runId}/${step}`);

  // The worker itself is told too, once, and stands in the list.
  await listener.next((one) => alertIn(one).alert?.definition === 'worker-dead');
  const { workers } = await api.get<{ workers: { id: string; state: string }[] }>('/v1/workers');
  expect(workers.find(({ id }) => id.startsWith('cpu@'))?.state).toBe('dead');
  const settings = { PERENNIAL_URL: api.url, PERENNIAL_API_KEY: perennial.key, PERENNIAL_HOME: perennial.home };
  const shown = await command(['alerts', 'show', alert?.id ?? ''], settings);
  expect(shown.stdout).toContain('First thing to do: Start the worker "cpu" again');

  // Once it is back the run goes on, and the alert is over, in the thread of the mail that told it.
  await perennial.start('cpu');
  const over = await mailbox.next(({ subject }) => /^\[over\].* lost /.test(subject ?? ''));
  expect(over.inReplyTo).toBe(mail.messageId);
  expect(listener.requests.filter(isLost)).toHaveLength(1);
  await api.post(`/v1/runs/${runId}/cancel`);
  expect((await running).status).toBe('cancelled');
}, 300_000);
