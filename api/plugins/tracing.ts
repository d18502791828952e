import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { FastifyBaseLogger, FastifyInstance, FastifyRequest, RawServerDefault } from 'fastify';
import { parseTraceparent, traceparentName } from '../../contracts/tracing.ts';
import {
  isTracing,
  type Span,
  SpanKind,
  SpanStatusCode,
  startSpan,
  traceparentOf,
  within,
} from '../../telemetry/tracing.ts';

/** Spans of requests under way. */
const spans = new WeakMap<IncomingMessage, Span>();

/** Addresses that are asked all the time, by machines: no spans are made of them. */
const unwatched = /^\/(?:metrics|health\/)/;

/**
 * Gives a request its id, 32 hexadecimal digits, and its lines of the log their ids: that of its trace, where there is one, else its
 * own. A problem document tells the same.
 */
export const requestIds = {
  genReqId(raw: IncomingMessage): string {
    const id = randomUUID().replaceAll('-', '');
    if (!isTracing() || unwatched.test(raw.url ?? '')) return id;
    const span = startSpan(`${raw.method}`, {
      kind: SpanKind.SERVER,
      parent: parentOf(raw),
      attributes: { 'http.request.method': raw.method ?? '', 'url.path': (raw.url ?? '').split('?')[0] ?? '' },
    });
    if (span) spans.set(raw, span);
    return id;
  },
  childLoggerFactory(
    logger: FastifyBaseLogger,
    { reqId }: { readonly reqId?: string },
    options: object,
    raw: IncomingMessage,
  ): FastifyBaseLogger {
    const ids = spans.get(raw)?.spanContext();
    const trace = ids?.traceId ?? reqId;
    return logger.child({ request_id: reqId, trace_id: trace, ...(ids ? { span_id: ids.spanId } : {}) }, options);
  },
};

/** What a user copies from a problem document, to find the trace and the lines of the log. */
export function traceIdOf({ id, raw }: Pick<FastifyRequest<object, RawServerDefault>, 'id' | 'raw'>): string {
  return spans.get(raw)?.spanContext().traceId ?? id;
}

/** Lets what a request causes be part of its span, and tells the caller which it was by the header `traceparent`. */
export function traceRequests(app: FastifyInstance): void {
  if (!isTracing()) return;
  app.addHook('onRequest', (request, reply, done) => {
    const span = spans.get(request.raw);
    if (!span) {
      done();
      return;
    }
    const traceparent = traceparentOf(span);
    if (traceparent) reply.header(traceparentName, traceparent);
    within(span, done);
  });
  // The events of a body that is read belong to its connection, not to the request.
  app.addHook('preValidation', (request, _reply, done) => {
    const span = spans.get(request.raw);
    if (span) within(span, done);
    else done();
  });
  app.addHook('onResponse', (request, reply, done) => {
    end(request, reply.statusCode);
    done();
  });
  // Its caller has gone: there is no response.
  app.addHook('onRequestAbort', (request, done) => {
    end(request, 499);
    done();
  });
}

function end(request: FastifyRequest, status: number): void {
  const span = spans.get(request.raw);
  if (!span) return;
  spans.delete(request.raw);
  const route = request.routeOptions.url;
  span.updateName(route === undefined ? request.method : `${request.method} ${route}`);
  span.setAttributes({
    'http.response.status_code': status,
    ...(route === undefined ? {} : { 'http.route': route }),
    'perennial.request.id': request.id,
    'url.scheme': request.protocol,
    'server.address': request.hostname,
    'client.address': request.ip,
    ...(status >= 500 ? { 'error.type': String(status) } : {}),
  });
  if (status >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
  span.end();
}

function parentOf({ headers }: IncomingMessage): string | undefined {
  const given = headers[traceparentName];
  return typeof given === 'string' && parseTraceparent(given) ? given : undefined;
}
