import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Connection } from '@temporalio/client';
import { Pool } from 'undici';
import { newKey } from '../api/plugins/auth.ts';
import { ApiClient } from '../cli/client.ts';
import type { Config } from '../config/index.ts';
import { PerennialError } from '../contracts/errors.ts';
import type { RolloutRecord } from '../contracts/rollouts.ts';
import type { ServingConfiguration } from '../contracts/serving-configurations.ts';
import type { ServingVariant } from '../contracts/traffic.ts';
import type { TranslationAnswer } from '../contracts/translation.ts';
import { formatVersion } from '../domain/nlp/translator/index.ts';
import { fileArtifactStore } from '../storage/artifacts/file.ts';
import { type Database, openDatabase } from '../storage/postgres/index.ts';
import { ensureNamespace } from '../storage/temporal/namespace.ts';
import { median, rounded } from './figures.ts';
import { openLoop, times } from './open-loop.ts';
import { ownDatabase } from './own-database.ts';
import { type RoleName, startRole } from './role-process.ts';
import { judgeAnswers, type ServedAnswer } from './rollout-answers.ts';
import { storeTinyModel, type TinyModel, trainTinyModel } from './tiny-translation-model.ts';

export interface RolloutBench {
  readonly requests: number;
  /** Answers other than 200, and requests without any. */
  readonly failed: number;
  /** Answers of a version, or by a configuration, that no traffic of the two seconds before the request, or since, gave to anybody. */
  readonly stale: number;
  /** Answers of another version than the caller's, or by another configuration, in traffic that has stood for two seconds. */
  readonly unsticky: number;
  readonly swaps: number;
  /** Rollouts that a person took back, and that a gate did. */
  readonly aborted: number;
  readonly rolled_back: number;
  /** From the start of the rollout of a version that cannot be loaded until no caller is given to it. */
  readonly rolled_back_after_ms: number;
  readonly p50_ms: number | null;
  readonly p99_ms: number | null;
  /** What the way by the API adds to the median time of a request that is alone. */
  readonly router_p50_ms: number;
}

const model = 'translation-en-de';
const namespace = 'perennial-bench';
const callers = 400;
const sentences = ['The red car is old.', 'The door is open.', 'The heavy wheel is new.', 'The key is clean.'];
/** Milliseconds that what the bench has begun may go on after its requests. */
const patienceMs = 60_000;
/** Requests that are alone, by each way. */
const alone = 300;

/**
 * Requests at a steady rate through the API and two serving replicas, real processes of their own, while the champion changes five
 * times, half of the callers are given to a candidate and taken back, likewise to another configuration, and a version that cannot be loaded is
 * rolled out. On a database of its own, with models of a small world.
 */
export async function benchRollout(
  config: Config,
  report: (line: string) => void,
  { requests, rate }: { readonly requests: number; readonly rate: number },
): Promise<RolloutBench> {
  const home = mkdtempSync(join(tmpdir(), 'perennial-bench-'));
  const { url, drop } = await ownDatabase(config.databaseUrl ?? '');
  const temporal = await Connection.connect({ address: config.temporalAddress ?? '' });
  await ensureNamespace(temporal, namespace);
  await temporal.close();
  const own: Config = {
    ...config,
    databaseUrl: url,
    temporalNamespace: namespace,
    home,
    artifacts: join(home, 'artifacts'),
  };
  const database = await openDatabase({ url, pool: 2 });
  const stops: (() => Promise<void>)[] = [];
  try {
    await addVersions(database, own.artifacts, await trainTinyModel());
    await database.models.setAlias(model, 'champion', 1, 'bench', 'the first');
    const begin = async (role: RoleName, name?: string) => {
      const started = await startRole(own, role, name);
      stops.unshift(started.stop);
      return started;
    };
    const replica = await begin('serving', 'serving-1');
    await begin('serving', 'serving-2');
    await begin('control');
    const api = await begin('api');
    const { key, hash } = newKey();
    const { id: keyId } = await database.keys.create({ name: 'bench', role: 'admin', hash, expiresAt: null });
    const ways = { api: translator(api.url, key), replica: translator(replica.url, key) };
    stops.unshift(ways.api.close, ways.replica.close);
    for (let i = 0; i < 50; i++) await ways.api.translate(i);

    const answers: ServedAnswer[] = [];
    const due = Array.from({ length: requests }, (_, i) => (1000 * i) / rate);
    const acts = script(new ApiClient(api.url, key), database, report);
    // One after another: a rollout has to have ended before the next change.
    let acting: Promise<void> = Promise.resolve();
    let fault: unknown;
    const send = async (i: number) => {
      while (acts.length > 0 && i >= (acts[0] as Act).share * requests) {
        const { act } = acts.shift() as Act;
        acting = acting.then(act).catch((error: unknown) => {
          fault ??= error;
        });
      }
      const sentAt = Date.now();
      const { status, variant } = await ways.api.translate(i);
      answers[i] = { caller: `${keyId}/${callerOf(i)}`, variant, sentAt, answeredAt: Date.now() };
      return { status, hasRetryAfter: false };
    };
    const loaded = await openLoop(due, send);
    // On a slow machine what is begun is watched to its end.
    let isActing = true;
    void acting.then(() => {
      isActing = false;
    });
    for (let last = Date.now(); isActing && Date.now() - last < patienceMs; ) {
      const from = loaded.length;
      loaded.push(...(await openLoop(due.slice(0, rate), (i) => send(from + i))));
    }
    if (isActing)
      throw new PerennialError('UNAVAILABLE', 'The rollout of the bench did not end.', {
        remedy: 'Run it on a machine that keeps up with the rate, or lower --rate.',
      });
    await acting;
    if (fault !== undefined) throw fault;
    const traffic = (await database.traffic.history(model, { limit: 500 })).reverse();
    const { rollouts } = await database.rollouts.list({ model }, { limit: 10 });
    const failed = loaded.filter(({ status }) => status !== 200);
    const judged = judgeAnswers(
      answers.filter((_, i) => loaded[i]?.status === 200),
      traffic,
    );
    const { p50_ms, p99_ms } = times(loaded);
    return {
      requests: loaded.length,
      failed: failed.length,
      ...judged,
      swaps: traffic.filter(({ rollout, reason }) => rollout === null && reason === swapReason).length,
      aborted: rollouts.filter(({ status }) => status === 'aborted').length,
      rolled_back: rollouts.filter(({ status }) => status === 'rolled-back').length,
      rolled_back_after_ms: backAfter(rollouts),
      p50_ms,
      p99_ms,
      router_p50_ms: await routerMs(ways),
    };
  } finally {
    for (const stop of stops) await stop();
    await database.close();
    await drop();
    rmSync(home, { recursive: true, force: true });
  }
}

type Way = ReturnType<typeof translator>;

const swapReason = 'a swap of the bench';

/** Versions 1 to 4, which differ by a hair, and 5, whose weights are lost. */
async function addVersions(database: Database, folder: string, tiny: TinyModel): Promise<void> {
  const artifacts = fileArtifactStore(folder);
  const bias = tiny.weights['decoder.norm.bias'] as Float32Array;
  const add = (artifact: Awaited<ReturnType<typeof storeTinyModel>>) =>
    database.models.add({ model, formatVersion, artifact, metrics: {}, lineage: {}, runId: 'bench' });
  for (let version = 1; version <= 4; version++) {
    const weights = { ...tiny.weights, 'decoder.norm.bias': bias.map((x) => x + version * 1e-6) };
    await add(await storeTinyModel(artifacts, { ...tiny, weights }));
  }
  const whole = await storeTinyModel(artifacts, tiny);
  const lost = (text: string): string => text.replaceAll(whole.sha256, '0'.repeat(64));
  await add({ ...whole, uri: lost(whole.uri), sha256: lost(whole.sha256) });
}

interface Act {
  /** After this share of the requests. */
  readonly share: number;
  act(): Promise<void>;
}

function script(api: ApiClient, database: Database, report: (line: string) => void): Act[] {
  const swap = (share: number, version: number): Act => ({
    share,
    async act() {
      report(`version ${version} becomes the champion`);
      await database.models.setAlias(model, 'champion', version, 'bench', swapReason);
    },
  });
  const start = (candidate: Partial<ServingVariant>, share: number) =>
    api.post<RolloutRecord>('/v1/rollouts', {
      model,
      ...candidate,
      plan: { steps: [share, 1].map((share) => ({ share, minSeconds: 3600, maxSeconds: 7200 })) },
      reason: 'a rollout of the bench',
    });
  let canary: Promise<RolloutRecord>;
  const takeBack = (share: number): Act => ({
    share,
    async act() {
      report('and taken back');
      await api.post(`/v1/rollouts/${(await canary).id}/abort`, { reason: 'the bench takes it back' });
    },
  });
  return [
    swap(0.06, 2),
    swap(0.14, 3),
    {
      share: 0.22,
      async act() {
        report('half of the callers are given to version 4');
        canary = start({ version: 4 }, 0.5);
        await canary;
      },
    },
    takeBack(0.46),
    swap(0.54, 1),
    swap(0.62, 2),
    {
      share: 0.7,
      async act() {
        report('version 5, which cannot be loaded, is given a quarter of the callers');
        const { id } = await start({ version: 5 }, 0.25);
        while ((await database.rollouts.get(id))?.finishedAt === null) await delay(50);
        report('and is rolled back');
      },
    },
    {
      share: 0.8,
      async act() {
        report('half of the callers are served by another configuration');
        const settings = { memoryThreshold: 0.9, maxBatch: 16 };
        const path = `/v1/models/${model}/configurations`;
        const { configuration } = await api.post<ServingConfiguration>(path, { settings, reason: 'for the bench' });
        canary = start({ configuration }, 0.5);
        await canary;
      },
    },
    takeBack(0.9),
    swap(0.94, 3),
  ];
}

function backAfter(rollouts: readonly RolloutRecord[]): number {
  const back = rollouts.find(({ status }) => status === 'rolled-back');
  return back?.finishedAt ? Date.parse(back.finishedAt) - Date.parse(back.createdAt) : Number.NaN;
}

const callerOf = (i: number): string => `user ${(i * 7919) % callers}`;

function translator(url: string, key: string) {
  const pool = new Pool(url, { connections: 128 });
  return {
    async translate(i: number): Promise<{ readonly status: number; readonly variant: ServingVariant | null }> {
      try {
        const answer = await pool.request({
          path: '/v1/translate',
          method: 'POST',
          headers: {
            'content-type': 'application/json',
            authorization: `Bearer ${key}`,
            'x-affinity-key': callerOf(i),
          },
          body: JSON.stringify({ text: sentences[i % sentences.length], source: 'en', target: 'de' }),
        });
        const body = (await answer.body.json()) as { translations?: TranslationAnswer[] };
        return { status: answer.statusCode, variant: body.translations?.[0]?.model ?? null };
      } catch {
        return { status: 0, variant: null };
      }
    },
    close: () => pool.close(),
  };
}

/** Difference of the medians; in turn, so that what slows the machine down slows both ways down. */
async function routerMs(ways: Readonly<Record<'api' | 'replica', Way>>): Promise<number> {
  const ms: Record<keyof typeof ways, number[]> = { api: [], replica: [] };
  for (let i = 0; i < alone; i++)
    for (const way of ['replica', 'api'] as const) {
      const began = performance.now();
      await ways[way].translate(i);
      ms[way].push(performance.now() - began);
    }
  return rounded(median(ms.api) - median(ms.replica), 2);
}
