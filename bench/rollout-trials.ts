import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Connection } from '@temporalio/client';
import type { Config } from '../config/index.ts';
import type { RolloutPlan, RolloutRecord } from '../contracts/rollouts.ts';
import { Random } from '../domain/nlp/random.ts';
import { createRolloutStarter, defaultPlan } from '../domain/rollout/index.ts';
import { comparisonWriter, Predictions } from '../domain/serving/index.ts';
import { fileArtifactStore } from '../storage/artifacts/file.ts';
import { type Database, openDatabase } from '../storage/postgres/index.ts';
import { openTemporal } from '../storage/temporal/launcher.ts';
import { ensureNamespace } from '../storage/temporal/namespace.ts';
import { median, rounded } from './figures.ts';
import { openLoop, poissonArrivals } from './open-loop.ts';
import { ownDatabase } from './own-database.ts';
import { type Behaviour, plantedGraph, storePlanted } from './planted-model.ts';
import { startRole } from './role-process.ts';

/** How candidates differ from the version in use. */
const kinds = {
  equal: {},
  worse: { quality: 0.8 },
  slower: { slowness: 3 },
  failing: { errors: 0.02 },
} as const satisfies Record<string, Partial<Behaviour>>;
type Kind = keyof typeof kinds;

export interface TrialsOfKind {
  readonly trials: number;
  readonly rolled_back: number;
  readonly completed: number;
  /** From the start of the rollout to its end. */
  readonly median_s: number;
  readonly max_s: number;
  readonly median_requests: number;
  /** Requests that the candidate answered, of all, and those that got no answer at all. */
  readonly met_candidate: number;
  readonly requests: number;
  readonly failed: number;
}

const namespace = 'perennial-bench';
const callers = 200;
const [mostSeconds, sideBySide] = [600, 20] as const;
const base: Behaviour = { quality: 1, slowness: 1, errors: 0.001 };
const plan: Partial<RolloutPlan> = {
  steps: [0, 0.25, 1].map((share) => ({ share, minSeconds: 2, maxSeconds: mostSeconds })),
  gates: [...defaultPlan.gates, { name: 'quality', kind: 'score', tolerated: 0.02, harmful: 0.1 }],
  comparedPerSecond: 1000,
};

/**
 * Rollouts of planted candidates through everything but HTTP: models of the registry in inference graphs, traffic by
 * caller, pairs in PostgreSQL, gates in the workflow of a control worker. A candidate equals the version in use, answers 20 %
 * worse, takes three times as long, or fails in 2 % of the requests (the base in 0.1 %).
 *
 * @param options.rate requests a second of each trial.
 */
export async function benchRolloutTrials(
  config: Config,
  report: (line: string) => void,
  { trials, rate, seed }: { readonly trials: number; readonly rate: number; readonly seed: number },
): Promise<Record<Kind, TrialsOfKind>> {
  const home = mkdtempSync(join(tmpdir(), 'perennial-bench-'));
  const { url, drop } = await ownDatabase(config.databaseUrl ?? '');
  const address = config.temporalAddress ?? '';
  const connection = await Connection.connect({ address });
  await ensureNamespace(connection, namespace);
  await connection.close();
  const own = { ...config, databaseUrl: url, temporalNamespace: namespace, home, artifacts: join(home, 'artifacts') };
  const database = await openDatabase({ url, pool: 10 });
  const temporal = await openTemporal({ address, namespace });
  const control = await startRole(own, 'control');
  try {
    const wanted = Object.keys(kinds).flatMap((kind) =>
      Array.from({ length: trials }, (_, n) => ({ kind: kind as Kind, name: `${kind}-${n}`, seed: seed + n })),
    );
    const run = (trial: (typeof wanted)[number]) =>
      runTrial({ database, temporal, folder: own.artifacts, rate }, trial);
    const done: Awaited<ReturnType<typeof run>>[] = [];
    for (let from = 0; from < wanted.length; from += sideBySide) {
      done.push(...(await Promise.all(wanted.slice(from, from + sideBySide).map(run))));
      report(`${done.length} of ${wanted.length} rollouts have ended`);
    }
    const summary = (kind: Kind) => summed(done.filter((one) => one.kind === kind));
    return { equal: summary('equal'), worse: summary('worse'), slower: summary('slower'), failing: summary('failing') };
  } finally {
    await control.stop();
    await temporal.close();
    await database.close();
    await drop();
    rmSync(home, { recursive: true, force: true });
  }
}

interface TrialPlace {
  readonly database: Database;
  readonly temporal: Awaited<ReturnType<typeof openTemporal>>;
  readonly folder: string;
  readonly rate: number;
}

async function runTrial(
  { database, temporal, folder, rate }: TrialPlace,
  { kind, name, seed }: { readonly kind: Kind; readonly name: string; readonly seed: number },
) {
  const artifacts = fileArtifactStore(folder);
  const clock = { now: () => new Date() };
  for (const [i, behaviour] of [base, { ...base, ...kinds[kind] }].entries()) {
    const artifact = await storePlanted(artifacts, behaviour, i);
    await database.models.add({
      model: name,
      formatVersion: 1,
      artifact,
      metrics: {},
      lineage: {},
      runId: `bench ${i}`,
    });
  }
  await database.models.setAlias(name, 'champion', 1, 'bench', 'the first');
  const comparisons = comparisonWriter(database.rollouts, (_, error) => {
    throw error;
  });
  const graphs = new Map([[name, plantedGraph(name, seed)]]);
  const stores = { models: database.models, traffic: database.traffic, artifacts };
  const predictions = new Predictions({ ...stores, graphs, comparisons, clock, bytes: 2 ** 20 });
  try {
    const { rolloutLauncher } = temporal;
    const starter = createRolloutStarter({ ...database, rolloutLauncher, clock, kinds: [] });
    await predictions.predict(name, { request: 0 });
    const [started] = await starter.start({ model: name, version: 2, plan, reason: 'a trial' }, 'bench');
    const id = (started as RolloutRecord).id;
    const random = new Random(seed);
    let [requests, met, failed] = [0, 0, 0];
    let rollout = await database.rollouts.get(id);
    for (const from = Date.now(); rollout?.finishedAt === null && Date.now() - from < 1000 * mostSeconds; ) {
      const due = poissonArrivals(rate, 1, random);
      await openLoop(due, async () => {
        const request = ++requests;
        const call = { caller: `user ${random.below(callers)}` };
        try {
          const { models } = await predictions.predict(name, { request }, {}, call);
          if (models[0]?.version === 2) met++;
          return { status: 200, hasRetryAfter: false };
        } catch {
          failed++;
          return { status: 500, hasRetryAfter: false };
        }
      });
      rollout = await database.rollouts.get(id);
    }
    const { status, createdAt, finishedAt } = rollout as RolloutRecord;
    const seconds = (Date.parse(finishedAt ?? new Date().toISOString()) - Date.parse(createdAt)) / 1000;
    return { kind, status, seconds, requests, met, failed };
  } finally {
    await predictions.close();
    await comparisons.close();
  }
}

function summed(trials: readonly Awaited<ReturnType<typeof runTrial>>[]): TrialsOfKind {
  const sum = (of: (trial: (typeof trials)[number]) => number): number =>
    trials.reduce((total, one) => total + of(one), 0);
  const seconds = trials.map((trial) => trial.seconds);
  return {
    trials: trials.length,
    rolled_back: trials.filter(({ status }) => status === 'rolled-back').length,
    completed: trials.filter(({ status }) => status === 'completed').length,
    median_s: rounded(median(seconds), 1),
    max_s: rounded(Math.max(...seconds), 1),
    median_requests: median(trials.map(({ requests }) => requests)),
    met_candidate: sum(({ met }) => met),
    requests: sum(({ requests }) => requests),
    failed: sum(({ failed }) => failed),
  };
}
