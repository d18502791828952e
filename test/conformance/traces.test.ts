import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openS3, s3Source } from '../../storage/datasets/s3.ts';
import { openRedis } from '../../storage/redis/connection.ts';
import { openNotificationQueue } from '../../storage/redis/delivery-queue.ts';
import { openMailer } from '../../storage/senders/mail.ts';
import { openPoster } from '../../storage/senders/post.ts';
import { startTelemetry, type Telemetry } from '../../telemetry/start.ts';
import { traced } from '../../telemetry/tracing.ts';
import { startAlerting } from '../../workers/alerting.ts';
import { type AlertBench, alertBench } from '../support/alerts.ts';
import { type CollectedSpan, type Collector, openCollector } from '../support/collector.ts';
import { type Listener, openListener } from '../support/listener.ts';
import { type Mailbox, openMailbox } from '../support/mailbox.ts';
import { type S3, s3Server, startS3 } from '../support/s3.ts';
import { redisUrl } from '../support/servers.ts';

const token = 'planted-token-4711';
let collector: Collector;
let telemetry: Telemetry;
let bench: AlertBench;
let listener: Listener;
let mailbox: Mailbox;
let s3: S3 | undefined;
let spans: ReadonlyMap<string, CollectedSpan>;

const channel = (id: string, kind: 'email' | 'slack' | 'webhook', url = '') =>
  bench.database.channels.create(
    {
      ...{ id, kind, target: 'test' },
      settings: kind === 'email' ? { to: ['ops@example.com'] } : {},
      secret: kind === 'email' ? null : { url, signingSecret: `whsec_${Buffer.from(token).toString('base64')}` },
    },
    new Date(),
  );

beforeAll(async () => {
  collector = await openCollector();
  telemetry = await startTelemetry('events', {
    ...{ level: 'error', secrets: [], version: '0' },
    tracing: {
      ...{ endpoint: `${collector.url}/v1/traces`, headers: {}, sampler: 'always_on', samplerArg: 1 },
      ...{ serviceName: undefined, resource: {} },
    },
  });
  [bench, listener, mailbox] = await Promise.all([alertBench(), openListener(), openMailbox()]);
  const mailer = openMailer({ url: mailbox.url, from: 'perennial@example.com' });
  await bench.define({ id: 'run-failed', severity: 'warning', when: { kind: 'run-failed' } });
  await channel('mail', 'email');
  await channel('slack', 'slack', `${listener.url}/services/T0/${token}`);
  await channel('hook', 'webhook', `${listener.url}/hook?key=${token}`);
  listener.answer(`/services/T0/${token}`, 503);

  const id = await traced('request', {}, () => bench.run('2026-06-30', 'France'));
  await bench.end(id, 'failed', { code: 'DISK_FULL', message: 'The disk is full.' });
  await bench.look();
  const alerting = await startAlerting({
    ...bench.database,
    ...{ pipelines: bench.pipelines, mailer, poster: openPoster(), by: 'test', keepDays: 1 },
    queue: openNotificationQueue({ url: redisUrl(), prefix: `t-${randomBytes(4).toString('hex')}` }),
    clock: { now: () => new Date() },
    report: () => {},
  });
  await mailbox.next(() => true);
  await listener.next(({ path }) => path.startsWith('/hook'));
  await vi.waitFor(
    async () => expect((await bench.messages()).map(({ state }) => state)).toEqual(['sent', 'sent', 'sent']),
    10_000,
  );
  await alerting.stop();

  const redis = openRedis(redisUrl());
  await vi.waitFor(() => redis.ping());
  await traced('two requests', {}, () =>
    Promise.all(['one', 'other'].map((name) => traced(name, {}, () => redis.set(`traces:${name}`, token, 'EX', 1)))),
  );
  await redis.quit();
  if (s3Server) {
    s3 = await startS3();
    vi.stubEnv('AWS_ACCESS_KEY_ID', s3.credentials.accessKeyId);
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', s3.credentials.secretAccessKey);
    const client = openS3({ endpoint: s3.endpoint, region: undefined });
    const bucket = await s3.bucket();
    const list = () => s3Source(client, { kind: 's3', bucket, prefix: 'sales/' }).list();
    // A watch that looks every minute makes no traces.
    await list();
    await traced('step ingest', {}, list);
    const none = s3Source(client, { kind: 's3', bucket: 'not-there', prefix: '' });
    await traced('step fails', {}, () => none.list()).catch(() => undefined);
  }
  await telemetry.close();
  spans = new Map(collector.spans().map((span) => [span.spanId, span]));
}, 60_000);
afterAll(async () => {
  vi.unstubAllEnvs();
  await s3?.stop();
  await Promise.all([bench.close(), listener.close(), mailbox.close(), collector.close()]);
});

const named = (name: string): CollectedSpan[] => [...spans.values()].filter((span) => span.name === name);
/** The names of the spans from one up to the first of its trace. */
const lineOf = (span: CollectedSpan | undefined): string[] => {
  if (span === undefined) return [];
  return [span.name, ...lineOf(spans.get(span.parentSpanId))];
};

describe('a message of an alert', () => {
  const above = ['process perennial-notifications', 'alert fired', 'request'];

  it('is delivered within the trace of the run that it tells of, each attempt', () => {
    expect(named('POST').map(lineOf)).toEqual(Array(3).fill(['POST', ...above]));
    const answers = named('POST').map(({ attributes, status }) => [attributes['http.response.status_code'], status]);
    expect(answers.sort()).toEqual([
      [204, 0],
      [204, 0],
      [503, 2],
    ]);
    const [mail] = named('smtp send');
    expect(lineOf(mail)).toEqual(['smtp send', ...above]);
    expect(mail?.attributes).toMatchObject({
      'server.address': '127.0.0.1',
      'network.protocol.name': 'smtp',
      'perennial.mail.recipients': 1,
    });
    expect(named('process perennial-notifications').map(({ attributes }) => attributes['perennial.channel'])).toEqual(
      expect.arrayContaining(['mail', 'slack', 'hook']),
    );
  });

  it('is queued by commands of Redis that are seen, without what they carry', () => {
    const redis = [...spans.values()].filter(({ attributes }) => attributes['db.system.name'] === 'redis');
    expect(redis.map(lineOf)).toContainEqual([expect.any(String), 'send perennial-notifications']);
    for (const { attributes } of redis) expect(attributes['db.query.text']).toMatch(/^\w+$/);
    expect(named('send perennial-notifications')[0]?.attributes).toMatchObject({
      'messaging.system': 'bullmq',
      'messaging.batch.message_count': 3,
    });
  });
});

it('commands of Redis asked for at once are each of the trace that asked', () => {
  expect(named('set').map(lineOf).sort()).toEqual([
    ['set', 'one', 'two requests'],
    ['set', 'other', 'two requests'],
  ]);
});

it.skipIf(!s3Server)('calls of an object store are spans of what needs them', () => {
  const calls = named('S3/ListObjectsV2');
  expect(calls.map(lineOf).sort()).toEqual([
    ['S3/ListObjectsV2', 'step fails'],
    ['S3/ListObjectsV2', 'step ingest'],
  ]);
  expect(calls.map(({ attributes, status }) => [attributes['aws.s3.bucket'] === 'not-there', status]).sort()).toEqual([
    [false, 0],
    [true, 2],
  ]);
  expect(calls.find(({ status }) => status === 2)?.attributes['error.type']).toBe('NoSuchBucket');
});

it('no address, password or value is told', () => {
  const sent = collector.requests.map(({ body }) => body).join('\n');
  const secrets = [token, 'pa:ss word', encodeURIComponent('pa:ss word'), s3?.credentials.secretAccessKey ?? token];
  expect(secrets.filter((secret) => sent.includes(secret))).toEqual([]);
});
