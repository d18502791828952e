import { Pool } from 'undici';
import { PerennialError } from '../../contracts/errors.ts';
import { ReplicaLostError } from '../../contracts/serving.ts';
import { traceparentName } from '../../contracts/tracing.ts';
import type { ReplicaTransport } from '../../domain/ports/serving.ts';
import { activeTraceparent } from '../../telemetry/tracing.ts';

/** Connections to one replica; it refuses what is too much long before so many wait. */
const connections = 256;
/** A replica is near: what takes longer is lost. */
const connectMs = 1_000;

/** Headers that let what a replica does be part of the trace of the request. */
function withTrace(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const traceparent = activeTraceparent();
  return traceparent === undefined ? headers : { ...headers, [traceparentName]: traceparent };
}

/** Sends requests to replicas by HTTP, over a pool of connections that stay open for each. */
export function replicaTransport(): ReplicaTransport {
  const pools = new Map<string, Pool>();
  const poolOf = (address: string): Pool => {
    let pool = pools.get(address);
    if (pool === undefined) {
      // Answers take as long as they take: whether the replica lives, its heartbeat tells.
      const patience = { headersTimeout: 0, bodyTimeout: 0 };
      pool = new Pool(address, { connections, pipelining: 1, connect: { timeout: connectMs }, ...patience });
      pools.set(address, pool);
    }
    return pool;
  };

  return {
    async send(address, { method, path, headers, body, signal }) {
      const failed = (cause: unknown): PerennialError =>
        signal?.aborted
          ? new PerennialError('CANCELLED', 'The request was cancelled while a replica worked on it', { cause })
          : new ReplicaLostError(address, cause);
      const answer = await poolOf(address)
        .request({ method, path, headers: withTrace(headers), body: body ?? null, signal: signal ?? null })
        .catch((error: unknown) => {
          throw failed(error);
        });
      return {
        status: answer.statusCode,
        headers: Object.fromEntries(
          Object.entries(answer.headers).map(([name, value]) => [name, Array.isArray(value) ? value.at(-1) : value]),
        ),
        async text() {
          try {
            return await answer.body.text();
          } catch (error) {
            throw failed(error);
          }
        },
        async *lines() {
          const decoder = new TextDecoder();
          let rest = '';
          try {
            for await (const chunk of answer.body as AsyncIterable<Uint8Array>) {
              const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
              rest = lines.pop() as string;
              yield* lines;
            }
          } catch (error) {
            throw failed(error);
          }
          if (rest !== '') yield rest;
        },
      };
    },
    forget(address) {
      const pool = pools.get(address);
      pools.delete(address);
      void pool?.destroy(new Error('it was not seen any more'));
    },
    async close() {
      await Promise.all([...pools.values()].map((pool) => pool.destroy()));
      pools.clear();
    },
  };
}
