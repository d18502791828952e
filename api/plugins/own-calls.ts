import type { FastifyInstance } from 'fastify';
import { callHeader } from '../../contracts/serving.ts';
import type { Clock } from '../../domain/ports/clock.ts';
import { checkCall } from '../../domain/serving/replicas/index.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Id of the key for whose holder another process of ours calls ('': none); null: the caller is somebody else. */
    ownCallFor: string | null;
  }
}

export interface OwnCalls {
  /** Signs calls to this process. */
  readonly key: Uint8Array;
  readonly clock: Clock;
}

/** Knows the calls of our own processes by their signature. They need no API key: who asked has shown one there. */
export function ownCalls(app: FastifyInstance, own: OwnCalls | undefined): void {
  app.decorateRequest('ownCallFor', null);
  if (own === undefined) return;
  app.addHook('onRequest', async (request) => {
    const header = request.headers[callHeader];
    if (typeof header !== 'string') return;
    const { method, url: path } = request;
    request.ownCallFor = checkCall(own.key, { method, path }, header, own.clock.now());
  });
}
