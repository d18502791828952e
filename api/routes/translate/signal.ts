import type { FastifyReply, FastifyRequest } from 'fastify';

/** Fires when the caller goes away before the answer is complete, so that nothing is computed for nobody. */
export function signalOf(request: FastifyRequest, reply: FastifyReply): AbortSignal {
  const gone = new AbortController();
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) gone.abort();
  });
  request.raw.once('error', () => gone.abort());
  return gone.signal;
}
