import {
  type Attributes,
  context,
  isSpanContextValid,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  trace,
} from '@opentelemetry/api';
import { formatTraceparent, parseTraceparent, type TraceParent } from '../contracts/tracing.ts';
import { redact } from './redact.ts';

export { type Span, SpanKind, SpanStatusCode };

const tracer = trace.getTracer('perennial');
let isOn = false;

/** Called once a provider is registered: until then nothing is measured. */
export function tracingStarted(): void {
  isOn = true;
}

/** Whether spans are made in this process. */
export function isTracing(): boolean {
  return isOn;
}

export interface SpanOptions {
  readonly kind?: SpanKind;
  /** By https://opentelemetry.io/docs/specs/semconv/ where it has a name; ours begin with `perennial.`. */
  readonly attributes?: Attributes;
  /** A `traceparent` that the span goes on from; default: the span in whose work it is made. */
  readonly parent?: string | undefined;
}

/** Does `work` within a span, which ends with it and keeps its error. Without tracing it is the work alone. */
export async function traced<T>(
  name: string,
  { kind = SpanKind.INTERNAL, attributes = {}, parent }: SpanOptions,
  work: (span: Span | undefined) => Promise<T>,
): Promise<T> {
  if (!isOn) return work(undefined);
  const from = parent === undefined ? context.active() : contextOf(parent);
  return tracer.startActiveSpan(name, { kind, attributes }, from, async (span) => {
    try {
      return await work(span);
    } catch (error) {
      failed(span, error);
      throw error;
    } finally {
      span.end();
    }
  });
}

/** As {@link traced}, where there is a span to be part of: what nobody asked for makes no traces of its own. */
export function tracedWithin<T>(name: string, options: SpanOptions, work: () => Promise<T>): Promise<T> {
  return isOn && trace.getActiveSpan() ? traced(name, options, work) : work();
}

/**
 * As {@link traced}, for what goes through a queue of BullMQ: `send` puts messages into it, `process` works on one.
 *
 * @param queue `events` or `notifications`.
 */
export function tracedMessage<T>(
  operation: 'send' | 'process',
  queue: string,
  { attributes, ...options }: SpanOptions,
  work: () => Promise<T>,
): Promise<T> {
  const destination = `perennial-${queue}`;
  const messaging = {
    'messaging.system': 'bullmq',
    'messaging.destination.name': destination,
    'messaging.operation.name': operation,
    'messaging.operation.type': operation,
  };
  const kind = operation === 'send' ? SpanKind.PRODUCER : SpanKind.CONSUMER;
  return traced(`${operation} ${destination}`, { ...options, kind, attributes: { ...messaging, ...attributes } }, work);
}

/** Starts a span that the caller ends. Undefined without tracing. */
export function startSpan(name: string, options: SpanOptions & { readonly startTime?: number } = {}): Span | undefined {
  if (!isOn) return undefined;
  const { kind = SpanKind.INTERNAL, attributes = {}, parent, startTime } = options;
  const from = parent === undefined ? ROOT_CONTEXT : contextOf(parent);
  return tracer.startSpan(name, { kind, attributes, ...(startTime === undefined ? {} : { startTime }) }, from);
}

/** Calls `work` as part of a span. */
export function within<T>(span: Span, work: () => T): T {
  return context.with(trace.setSpan(context.active(), span), work);
}

/** Marks a span as failed. */
export function failed(span: Span, error: unknown): void {
  const { message, name, code }: Error & { code?: unknown } = error instanceof Error ? error : new Error(String(error));
  span.setStatus({ code: SpanStatusCode.ERROR, message: redact(message) });
  span.setAttribute('error.type', typeof code === 'string' ? code : name);
}

/** `traceparent` of the span that is worked in; undefined where there is none. */
export function activeTraceparent(): string | undefined {
  const span = isOn ? trace.getActiveSpan() : undefined;
  return span && traceparentOf(span);
}

/** `traceparent` of a span. */
export function traceparentOf(span: Span): string | undefined {
  const { traceId, spanId, traceFlags } = span.spanContext();
  if (!isSpanContextValid(span.spanContext())) return undefined;
  return formatTraceparent({ traceId, spanId, sampled: (traceFlags & TraceFlags.SAMPLED) !== 0 });
}

/** Ids of the span that is worked in, for lines of logs. */
export function activeIds(): Pick<TraceParent, 'traceId' | 'spanId'> | undefined {
  return isOn ? trace.getActiveSpan()?.spanContext() : undefined;
}

/** What a stored `traceparent` gives spans to go on from; a new trace for one that does not hold. */
function contextOf(parent: string) {
  const found = parseTraceparent(parent);
  if (!found) return ROOT_CONTEXT;
  return trace.setSpanContext(ROOT_CONTEXT, {
    traceId: found.traceId,
    spanId: found.spanId,
    traceFlags: found.sampled ? TraceFlags.SAMPLED : TraceFlags.NONE,
    isRemote: true,
  });
}
