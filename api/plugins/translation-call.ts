import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { firstIndexHeader, requestHeader } from '../../contracts/serving.ts';
import type { TranslationCall } from '../../domain/nlp/translator/index.ts';
import type { AppDependencies } from '../dependencies.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Whether a request waits for a place among those that are prepared at a time, and is refused if that takes too long. */
    translates?: boolean;
  }
  interface FastifyRequest {
    translationCall: Pick<TranslationCall, 'signal' | 'onQueued'> | null;
  }
}

/**
 * Lets requests of the routes that translate in, a few at a time. It comes before the key is looked at and the body is
 * read, so that refusing costs next to nothing: what is refused after half of the work keeps others waiting.
 */
export function admitTranslations(app: FastifyInstance, { translation }: Pick<AppDependencies, 'translation'>): void {
  app.decorateRequest('translationCall', null);
  app.addHook('onRequest', async (request, reply) => {
    if (!request.routeOptions.config.translates) return;
    reply.header(requestHeader, request.id);
    const signal = signalOf(request, reply);
    const leave = await translation.enter(signal);
    // Also when the caller has gone.
    reply.raw.once('close', leave);
    request.translationCall = { signal, onQueued: leave };
  });
}

/** What the handler of a route that translates hands on. */
export function callOf(request: FastifyRequest): TranslationCall {
  const { translationCall, headers, ownCallFor } = request;
  if (translationCall === null) throw new Error('The route lacks the setting `translates`');
  const firstIndex = ownCallFor === null ? 0 : Number(headers[firstIndexHeader] ?? 0);
  return { ...translationCall, ...askerOf(request), firstIndex };
}

/**
 * Who asks, and by which name the request is known. Callers are told apart by their keys; one whose key stands for many people
 * may name them in the header `x-affinity-key`. For whom another process of ours calls, and how the request is named there,
 * that one says.
 */
export function askerOf({ apiKey, ip, id, headers, ownCallFor }: FastifyRequest): {
  readonly caller: string;
  readonly requestId: string;
} {
  const affinity = String(headers['x-affinity-key'] ?? '').slice(0, 200);
  const requestId = String((ownCallFor !== null && headers[requestHeader]) || id);
  return { requestId, caller: ownCallFor || `${apiKey?.id ?? ip}/${affinity}` };
}

/** Fires when the caller goes away before the answer is complete, so that nothing is computed for nobody. */
export function signalOf(request: FastifyRequest, reply: FastifyReply): AbortSignal {
  const gone = new AbortController();
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) gone.abort();
  });
  request.raw.once('error', () => gone.abort());
  return gone.signal;
}
