import { newKey } from '../api/plugins/auth.ts';
import type { Config } from '../config/index.ts';
import { Random } from '../domain/nlp/random.ts';
import type { Composed } from '../workers/compose.ts';
import { median, rounded } from './figures.ts';
import { drawTexts, loadSentences } from './load-texts.ts';
import { httpSender, openLoop, poissonArrivals, type Timed, times } from './open-loop.ts';
import { startRole } from './role-process.ts';
import { type TranslateLoadOptions, versionOf } from './translate-load.ts';

export interface ServingBenchOptions extends Pick<TranslateLoadOptions, 'pair' | 'in' | 'rate' | 'model' | 'seed'> {
  /** Of each round, by each way. */
  readonly seconds: number;
  readonly rounds: number;
}

export interface ServingBench {
  /** Requests a second, of one to three sentences each. */
  readonly rate: number;
  /** Requests by each way. */
  readonly requests: number;
  /** Answers other than 200, by both ways. */
  readonly failed: number;
  /** What the way by the API adds to the median time of a request: median over the rounds. */
  readonly router_p50_ms: number;
  readonly direct_p50_ms: number;
  readonly routed_p50_ms: number;
  readonly direct_p99_ms: number;
  readonly routed_p99_ms: number;
}

/** Before anything counts, so that code is compiled and connections are open. */
const warmUpSeconds = 3;

/**
 * The same requests at the same times to a serving replica itself and to the API, which passes them on to it; in turn, in
 * processes of their own, over HTTP on this machine.
 *
 * @throws NOT_FOUND when the pair has no such model; DATA_MISSING, SOURCE_INVALID for the sentences.
 */
export async function benchServing(
  composed: Pick<Composed, 'database' | 'services'>,
  config: Config,
  report: (line: string) => void,
  options: ServingBenchOptions,
): Promise<ServingBench> {
  const { pair, rate, seconds, model, rounds } = options;
  const { keys } = composed.database;
  const sentences = await loadSentences(options.in, await versionOf(composed, options), composed);
  const random = new Random(options.seed);
  const replica = await startRole(config, 'serving');
  const api = await startRole(config, 'api');
  const { key, hash } = newKey();
  // After the API has started: it makes the first administrator's key where there is none yet.
  const { id } = await keys.create({ name: 'bench serving', role: 'viewer', hash, expiresAt: null });
  const ways = {
    direct: httpSender(replica.url, { keepAlive: true }),
    routed: httpSender(api.url, { keepAlive: true }),
  };
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${key}` };
  const phase = async (forSeconds: number, order: readonly (keyof typeof ways)[]) => {
    const due = poissonArrivals(rate, forSeconds, random);
    const bodies = drawTexts(due.length, sentences, random).map((text) =>
      // A memory would answer without the model.
      Buffer.from(JSON.stringify({ text, ...pair, model, memory: false })),
    );
    const answers: Record<keyof typeof ways, Timed[]> = { direct: [], routed: [] };
    for (const way of order) {
      answers[way] = await openLoop(due, (i) => {
        const body = bodies[i] as Buffer;
        const more = { method: 'POST', headers: { ...headers, 'content-length': body.length } };
        return ways[way].send({ path: '/v1/translate', ...more }, body);
      });
    }
    return answers;
  };
  const p50 = (answers: readonly Timed[]): number => times(answers).p50_ms ?? Number.NaN;
  try {
    await phase(warmUpSeconds, ['direct', 'routed']);
    const added: number[] = [];
    const all: Record<keyof typeof ways, Timed[]> = { direct: [], routed: [] };
    for (let round = 0; round < rounds; round++) {
      // In turn, so that what slows the machine down slows both down.
      const { direct, routed } = await phase(seconds, round % 2 === 0 ? ['direct', 'routed'] : ['routed', 'direct']);
      added.push(exactP50(routed) - exactP50(direct));
      report(`round ${round + 1}: direct ${p50(direct)} ms, by the API ${p50(routed)} ms`);
      all.direct.push(...direct);
      all.routed.push(...routed);
    }
    const [direct, routed] = [times(all.direct), times(all.routed)];
    return {
      rate,
      requests: all.direct.length,
      failed: [...all.direct, ...all.routed].filter(({ status }) => status !== 200).length,
      router_p50_ms: rounded(median(added), 2),
      direct_p50_ms: direct.p50_ms ?? Number.NaN,
      routed_p50_ms: routed.p50_ms ?? Number.NaN,
      direct_p99_ms: direct.p99_ms ?? Number.NaN,
      routed_p99_ms: routed.p99_ms ?? Number.NaN,
    };
  } finally {
    for (const sender of Object.values(ways)) sender.close();
    await keys.revoke(id);
    await api.stop();
    await replica.stop();
  }
}

function exactP50(answers: readonly Timed[]): number {
  return median(answers.map(({ ms }) => ms));
}
