import { type ChildProcess, fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Connection } from '@temporalio/client';
import pg from 'pg';
import { newKey } from '../api/plugins/auth.ts';
import { ApiClient } from '../cli/client.ts';
import { type Config, environmentWith } from '../config/index.ts';
import { openDatabase } from '../storage/postgres/index.ts';
import { ensureNamespace } from '../storage/temporal/namespace.ts';
import { freePort } from '../workers/embedded/free-port.ts';
import { startRedis } from '../workers/embedded/servers.ts';
import { percentile } from './figures.ts';
import { ownDatabase } from './own-database.ts';
import { benchHook } from './pipelines.ts';
import { makeTraffic, type Sent, sendAll } from './webhook-traffic.ts';

export interface WebhookBench {
  /** Webhooks sent, without what was sent again because the API did not answer. */
  readonly sent: number;
  /** Distinct valid ones: as many runs have to be. */
  readonly valid: number;
  /** Runs of the empty pipeline that have succeeded. */
  readonly runs: number;
  /** Distinct valid ones without a run. */
  readonly lost: number;
  /** Runs beyond one of an event, and runs of what was refused. */
  readonly doubled: number;
  /** Answers 401 to bad signatures and to stale timestamps. */
  readonly refused: number;
  /** Requests that were sent again after no answer. */
  readonly resent: number;
  /** From sending a valid webhook until its 202, milliseconds. */
  readonly p50_ms: number;
  readonly p99_ms: number;
  /** Distinct valid events over the time from the first request until the last answer. */
  readonly events_per_s: number;
  /** From the first request until the last run has ended, seconds. */
  readonly seconds_to_last_run: number;
}

type Role = 'api' | 'events' | 'worker';
const namespace = 'perennial-bench';
const source = 'bench';

/**
 * Sends webhooks of which a tenth are duplicates, 2 % have a bad signature and 1 % an old timestamp, while Redis is
 * restarted and the API is killed with -9 twice, and counts the runs of an empty pipeline that they started. On a
 * database of its own, which is removed afterwards.
 *
 * @param count webhooks, at least 100.
 * @param connections that send at a time.
 */
export async function benchWebhooks(
  config: Config,
  report: (line: string) => void,
  { count, connections }: { count: number; connections: number },
): Promise<WebhookBench> {
  const home = mkdtempSync(join(tmpdir(), 'perennial-bench-'));
  const { url, drop } = await ownDatabase(config.databaseUrl ?? '');
  const temporal = await Connection.connect({ address: config.temporalAddress ?? '' });
  await ensureNamespace(temporal, namespace);
  await temporal.close();
  const redisPort = await freePort();
  const newRedis = () => startRedis(config.redisServer, join(home, 'redis'), redisPort, join(home, 'redis.log'));
  let redis = await newRedis();
  const port = await freePort();
  const secretKey = randomBytes(32);
  const env = environmentWith({
    DATABASE_URL: url,
    REDIS_URL: redis.url,
    TEMPORAL_ADDRESS: config.temporalAddress ?? '',
    TEMPORAL_NAMESPACE: namespace,
    PERENNIAL_HOME: home,
    PERENNIAL_PORT: String(port),
    PERENNIAL_RATE_LIMIT: '1000000',
    PERENNIAL_WEBHOOK_RATE_LIMIT: '100000000',
    PERENNIAL_SECRET_KEY: secretKey.toString('base64'),
  });
  const children = new Map<Role, ChildProcess>();
  const start = async (role: Role): Promise<void> => {
    const child = fork(fileURLToPath(new URL('./webhook-process.js', import.meta.url)), [role], { env });
    children.set(role, child);
    await once(child, 'message');
  };
  const kill = async (role: Role): Promise<void> => {
    const child = children.get(role);
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  };
  const restart = async (role: Role): Promise<void> => {
    await kill(role);
    await start(role);
  };
  const restartRedis = async (): Promise<void> => {
    await redis.stop();
    redis = await newRedis();
  };
  const database = await openDatabase({ url, pool: 2, secretKey });
  const client = new pg.Client({ connectionString: url });
  await client.connect();

  try {
    await Promise.all((['api', 'events', 'worker'] as const).map(start));
    const { key, hash } = newKey();
    await database.keys.create({ name: 'bench', role: 'admin', hash, expiresAt: null });
    const { secret } = await new ApiClient(`http://127.0.0.1:${port}`, key).post<{ secret: string }>(
      '/v1/webhook-sources',
      { id: source, scheme: 'standard', starts: { pipeline: benchHook.id, params: { tag: 'event.id' } } },
    );

    const traffic = makeTraffic(count, secret);
    const faults: [number, string, () => Promise<void>][] = [
      [0.3, 'the API is killed', () => restart('api')],
      [0.5, 'Redis is restarted', restartRedis],
      [0.7, 'the API is killed again', () => restart('api')],
    ];
    const underWay: Promise<void>[] = [];
    const from = performance.now();
    const sent = await sendAll(traffic, { port, path: `/v1/webhooks/${source}`, connections }, (done) => {
      const next = faults[0];
      if (!next || done < next[0] * count) return;
      faults.shift();
      report(`${next[1]} after ${done} of ${count} webhooks`);
      underWay.push(next[2]());
    });
    const sending = (performance.now() - from) / 1000;
    await Promise.all(underWay);
    report(`all sent in ${sending.toFixed(1)} s; waiting for the runs`);

    for (let before = -1; ; await delay(500)) {
      const { rows } = await client.query<{ open: string; ended: string }>(
        `select (select count(*) from events where processed_at is null and type <> 'run.succeeded') as open,
           (select count(*) from runs where finished_at is not null) as ended`,
      );
      const ended = Number(rows[0]?.ended);
      const { rowCount } = await client.query('select 1 from runs where finished_at is null limit 1');
      if (rows[0]?.open === '0' && rowCount === 0) break;
      if (Math.floor(ended / 2000) > Math.floor(before / 2000)) report(`${ended} runs have ended`);
      before = ended;
    }
    const seconds = (performance.now() - from) / 1000;
    return {
      ...(await figuresOf(client, sent)),
      events_per_s: round(validOf(sent).size / sending),
      seconds_to_last_run: round(seconds),
    };
  } finally {
    await Promise.all([...children.keys()].map(kill));
    await Promise.all([redis.stop(), client.end(), database.close()]);
    await drop();
    rmSync(home, { recursive: true, force: true });
  }
}

function validOf(sent: readonly Sent[]): Set<string> {
  return new Set(sent.filter(({ isValid }) => isValid).map(({ id }) => id));
}

async function figuresOf(client: pg.Client, sent: readonly Sent[]) {
  const valid = validOf(sent);
  const { rows } = await client.query<{ tag: string; status: string; attempts: string }>(
    `select params->>'tag' as tag, status, (select count(*) from step_attempts a where a.run_id = r.id) as attempts from runs r`,
  );
  const succeeded = rows.filter(({ status }) => status === 'succeeded');
  const done = new Set(succeeded.map(({ tag }) => tag));
  const wrong = sent.filter(({ isValid, status }) => status !== (isValid ? 202 : 401));
  if (wrong.length > 0) throw new Error(`${wrong.length} webhooks were answered wrongly: ${JSON.stringify(wrong[0])}`);
  const times = sent.filter(({ isValid }) => isValid).map(({ ms }) => ms);
  return {
    sent: sent.length,
    valid: valid.size,
    runs: succeeded.length,
    lost: [...valid].filter((id) => !done.has(id)).length,
    doubled: rows.length - [...new Set(rows.map(({ tag }) => tag))].filter((tag) => valid.has(tag)).length,
    refused: sent.filter(({ isValid }) => !isValid).length,
    resent: sent.reduce((sum, { tries }) => sum + tries - 1, 0),
    p50_ms: round(percentile(times, 0.5)),
    p99_ms: round(percentile(times, 0.99)),
  };
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
