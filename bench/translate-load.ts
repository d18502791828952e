import { newKey } from '../api/plugins/auth.ts';
import type { Config } from '../config/index.ts';
import { PerennialError } from '../contracts/errors.ts';
import type { ModelVersion } from '../contracts/models.ts';
import { Random } from '../domain/nlp/random.ts';
import { type LanguagePair, modelNameOf } from '../domain/nlp/translator/index.ts';
import type { Composed } from '../workers/compose.ts';
import { probe } from './health-probe.ts';
import { drawTexts, loadSentences } from './load-texts.ts';
import { httpSender, openLoop, poissonArrivals, type Timed, times } from './open-loop.ts';
import { startRole } from './role-process.ts';

export interface TranslateLoadOptions {
  readonly pair: LanguagePair;
  /** A file of sentences, one a line; default: development sentences of the model. */
  readonly in?: string;
  /** Requests a second. */
  readonly rate: number;
  readonly seconds: number;
  /** Requests a second of the overload, in multiples of `rate`. */
  readonly overload: number;
  /** Version or alias. */
  readonly model: string;
  readonly seed: number;
}

export interface TranslateLoadBench {
  /** Requests a second, of one to three sentences each. */
  readonly rate: number;
  readonly seconds: number;
  readonly requests: number;
  /** Requests without an answer 200. */
  readonly errors: number;
  /** From when a request was due until its answer was complete. */
  readonly p50_ms: number | null;
  readonly p99_ms: number | null;
  readonly max_ms: number | null;
  /** 99th percentile of how late the load itself sent: what of the times is not the service's. */
  readonly late_p99_ms: number | null;
  readonly overload: {
    readonly rate: number;
    readonly seconds: number;
    readonly requests: number;
    /** Answers 200, and their times. */
    readonly accepted: number;
    readonly p50_ms: number | null;
    readonly p99_ms: number | null;
    readonly max_ms: number | null;
    /** Answers 429, and the time that they took. */
    readonly refused: number;
    readonly refused_p99_ms: number | null;
    readonly refused_without_retry_after: number;
    /** Other answers, and requests without any. */
    readonly other: number;
    /** Of `GET /health/live` and `/health/ready` meanwhile. */
    readonly live_p99_ms: number | null;
    readonly ready_p99_ms: number | null;
    readonly late_p99_ms: number | null;
  };
}

/** Before anything counts, so that the model is in memory and the code compiled. */
const warmUpSeconds = 3;
/** Connections opened before the overload, in seconds of its rate: as callers with pools have them; at most so many. */
const connectionSeconds = 2;
const mostConnections = 2000;
/** Health checks a second, of each kind. */
const checksPerSecond = 20;

/**
 * Translates by the real API server and a serving replica in processes of their own, over HTTP on this machine: first at `rate` for `seconds`, then
 * at a multiple of it for a sixth of the time (at least 5 s), which the service cannot keep up with and has to refuse.
 * Uses the installation's models and memories, and a key of its own that is revoked afterwards.
 *
 * @throws NOT_FOUND when the pair has no such model; DATA_MISSING, SOURCE_INVALID for the sentences.
 */
export async function benchTranslateLoad(
  composed: Pick<Composed, 'database' | 'services'>,
  config: Config,
  report: (line: string) => void,
  options: TranslateLoadOptions,
): Promise<TranslateLoadBench> {
  const { pair, rate, seconds, model } = options;
  const { keys } = composed.database;
  const version = await versionOf(composed, options);
  const sentences = await loadSentences(options.in, version, composed);
  const random = new Random(options.seed);
  const replica = await startRole(config, 'serving');
  const server = await startRole(config, 'api');
  const { key, hash } = newKey();
  // After the server has started: it makes the first administrator's key where there is none yet.
  const { id } = await keys.create({ name: 'bench translate-load', role: 'viewer', hash, expiresAt: null });
  const sender = httpSender(server.url, { keepAlive: true });
  const phase = (perSecond: number, forSeconds: number): Promise<Timed[]> => {
    const due = poissonArrivals(perSecond, forSeconds, random);
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${key}` };
    const bodies = drawTexts(due.length, sentences, random).map((text) =>
      Buffer.from(JSON.stringify({ text, ...pair, model })),
    );
    return openLoop(due, (i) => {
      const body = bodies[i] as Buffer;
      const more = { method: 'POST', headers: { ...headers, 'content-length': body.length } };
      return sender.send({ path: '/v1/translate', ...more }, body);
    });
  };
  try {
    await phase(rate, warmUpSeconds);
    report(`version ${version.version} of ${version.model}: ${rate} requests a second for ${seconds} s`);
    const steady = await phase(rate, seconds);
    const heavy = { rate: rate * options.overload, seconds: Math.max(5, Math.round(seconds / 6)) };
    await sender.open(Math.min(mostConnections, heavy.rate * connectionSeconds), '/health/live');
    report(`overload: ${heavy.rate} requests a second for ${heavy.seconds} s`);
    const checks = { url: server.url, perSecond: checksPerSecond, seconds: heavy.seconds };
    const [answers, live, ready] = await Promise.all([
      phase(heavy.rate, heavy.seconds),
      probe({ ...checks, path: '/health/live' }),
      probe({ ...checks, path: '/health/ready' }),
    ]);
    const refused = answers.filter(({ status }) => status === 429);
    const accepted = answers.filter(({ status }) => status === 200);
    return {
      rate,
      seconds,
      requests: steady.length,
      errors: steady.filter(({ status }) => status !== 200).length,
      ...times(steady),
      late_p99_ms: lateness(steady),
      overload: {
        ...heavy,
        requests: answers.length,
        accepted: accepted.length,
        ...times(accepted),
        refused: refused.length,
        refused_p99_ms: times(refused).p99_ms,
        refused_without_retry_after: refused.filter(({ hasRetryAfter }) => !hasRetryAfter).length,
        other: answers.length - accepted.length - refused.length,
        live_p99_ms: times(live).p99_ms,
        ready_p99_ms: times(ready).p99_ms,
        late_p99_ms: lateness(answers),
      },
    };
  } finally {
    sender.close();
    await keys.revoke(id);
    await server.stop();
    await replica.stop();
  }
}

function lateness(answers: readonly Timed[]): number | null {
  return times(answers.map((answer) => ({ ...answer, ms: answer.lateMs }))).p99_ms;
}

/** The version that a bench is of. NOT_FOUND. */
export async function versionOf(
  { database }: Pick<Composed, 'database'>,
  { pair, model }: Pick<TranslateLoadOptions, 'pair' | 'model'>,
): Promise<ModelVersion> {
  const name = modelNameOf(pair);
  const isNumber = /^\d+$/.test(model);
  const found = await (isNumber ? database.models.get(name, Number(model)) : database.models.byAlias(name, model));
  if (found) return found;
  const languages = `${pair.source}-${pair.target}`;
  throw new PerennialError('NOT_FOUND', `${name} has no ${isNumber ? 'version' : 'alias'} "${model}".`, {
    fields: [{ field: isNumber ? 'model' : 'pair', value: isNumber ? model : languages, message: 'has no such model' }],
    remedy: `Train one: \`perennial train translation --pair ${languages} --general PREFIX\`; \`perennial models ls\` lists what there is.`,
  });
}
