import { Agent, type RequestOptions, request } from 'node:http';
import type { Random } from '../domain/nlp/random.ts';
import { percentile } from './figures.ts';

/** What became of a request. */
export interface Answer {
  /** 0: none came, as the connection broke or {@link patienceMs} were over. */
  readonly status: number;
  readonly hasRetryAfter: boolean;
}

/** An answer with its times in milliseconds. */
export interface Timed extends Answer {
  /** From when the request was due, not from when it was sent, until its answer was complete. */
  readonly ms: number;
  /** By how much it was sent late. */
  readonly lateMs: number;
}

/** Silence after which a caller is taken to have given up. */
const patienceMs = 10_000;

/**
 * When requests are due, milliseconds from the start: a Poisson process, as of many callers that know nothing of each
 * other. The same for the same seed.
 *
 * @param rate requests a second, on average.
 */
export function poissonArrivals(rate: number, seconds: number, random: Random): number[] {
  const due: number[] = [];
  for (let at = 0; ; ) {
    at += (-1000 * Math.log(1 - random.next())) / rate;
    if (at >= 1000 * seconds) return due;
    due.push(at);
  }
}

/**
 * Sends each request when it is due, however many are still unanswered (an open loop), and counts its time from then. A
 * loop that waits for answers sends less while the service is slow, and so leaves the slowest out: coordinated omission
 * (Gil Tene, "How NOT to Measure Latency", 2013; wrk2).
 */
export async function openLoop(due: readonly number[], send: (index: number) => Promise<Answer>): Promise<Timed[]> {
  const answers: Promise<Timed>[] = [];
  const start = performance.now();
  const one = async (index: number): Promise<Timed> => {
    const dueAt = start + (due[index] as number);
    const lateMs = performance.now() - dueAt;
    const answer = await send(index);
    return { ...answer, ms: performance.now() - dueAt, lateMs };
  };
  await new Promise<void>((resolve) => {
    const tick = (): void => {
      const now = performance.now() - start;
      while (answers.length < due.length && (due[answers.length] as number) <= now) answers.push(one(answers.length));
      if (answers.length === due.length) resolve();
      else setTimeout(tick, (due[answers.length] as number) - now);
    };
    tick();
  });
  return Promise.all(answers);
}

export interface HttpSender {
  send(options: RequestOptions & { readonly path: string }, body?: Buffer): Promise<Answer>;
  /** Opens so many connections ahead, as pools of callers have them. */
  open(connections: number, path: string): Promise<void>;
  close(): void;
}

/**
 * Sends over as many connections as there are requests at a time, so that none waits for another here.
 *
 * @param keepAlive whether connections are used again; without, each request opens its own.
 */
export function httpSender(url: string, { keepAlive }: { readonly keepAlive: boolean }): HttpSender {
  const { hostname, port } = new URL(url);
  const agent = new Agent({ keepAlive, maxFreeSockets: Number.POSITIVE_INFINITY, noDelay: true });
  const send: HttpSender['send'] = (options, body) =>
    new Promise((resolve) => {
      const none = (): void => resolve({ status: 0, hasRetryAfter: false });
      const req = request({ agent, hostname, port, timeout: patienceMs, ...options }, (response) => {
        const hasRetryAfter = Number(response.headers['retry-after']) >= 1;
        response.once('error', none);
        response.once('end', () => resolve({ status: response.statusCode ?? 0, hasRetryAfter }));
        response.resume();
      });
      req.once('timeout', () => req.destroy());
      req.once('error', none);
      req.end(body);
    });
  return {
    send,
    async open(connections, path) {
      // Asked for at the same time, each has one of its own.
      await Promise.all(Array.from({ length: connections }, () => send({ path })));
    },
    close: () => agent.destroy(),
  };
}

/** Percentiles and maximum of times, milliseconds to a tenth; null for none. */
export function times(answers: readonly Timed[]): {
  p50_ms: number | null;
  p99_ms: number | null;
  max_ms: number | null;
} {
  const values = answers.map(({ ms }) => ms);
  const at = (p: number): number | null => (values.length === 0 ? null : Math.round(10 * percentile(values, p)) / 10);
  return { p50_ms: at(0.5), p99_ms: at(0.99), max_ms: at(1) };
}
