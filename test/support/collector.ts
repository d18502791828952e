import { type Listener, openListener } from './listener.ts';

/** A span as a collector was sent it. */
export interface CollectedSpan {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  /** Empty: it is the first of its trace. */
  readonly parentSpanId: string;
  readonly service: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  /** 2: it failed. */
  readonly status: number;
  readonly durationMs: number;
}

interface Attribute {
  readonly key: string;
  readonly value: Readonly<Record<string, unknown>>;
}

interface SentSpan {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly attributes?: readonly Attribute[];
  readonly status?: { readonly code?: number };
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
}

interface Sent {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly Attribute[] };
    readonly scopeSpans: readonly { readonly spans: readonly SentSpan[] }[];
  }[];
}

/** A server that takes traces by OTLP over HTTP, as JSON. */
export interface Collector {
  readonly url: string;
  /** All that has come up to now. */
  spans(): CollectedSpan[];
  /** What processes sent, byte for byte. */
  readonly requests: Listener['requests'];
  /** The first span that fits, there already or to come. */
  next(fits: (span: CollectedSpan) => boolean): Promise<CollectedSpan>;
  close(): Promise<void>;
}

export async function openCollector(): Promise<Collector> {
  const listener = await openListener();
  return {
    url: listener.url,
    requests: listener.requests,
    spans: () => listener.requests.flatMap(({ body }) => spansOf(body)),
    async next(fits) {
      const { body } = await listener.next(({ path, body }) => path === '/v1/traces' && spansOf(body).some(fits));
      return spansOf(body).find(fits) as CollectedSpan;
    },
    close: () => listener.close(),
  };
}

function spansOf(body: string): CollectedSpan[] {
  return (JSON.parse(body) as Sent).resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const service = String(valuesOf(resource.attributes)['service.name']);
    return scopeSpans.flatMap(({ spans }) =>
      spans.map(({ name, traceId, spanId, parentSpanId = '', attributes = [], status, ...times }) => ({
        ...{ name, traceId, spanId, parentSpanId, service },
        attributes: valuesOf(attributes),
        status: status?.code ?? 0,
        durationMs: Number(BigInt(times.endTimeUnixNano) - BigInt(times.startTimeUnixNano)) / 1e6,
      })),
    );
  });
}

function valuesOf(attributes: readonly Attribute[]): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
}
