import type { Span } from '@opentelemetry/api';

interface Ids {
  generateTraceId(): string;
  generateSpanId(): string;
}

let next: string | undefined;

/** Ids of spans, which {@link withSpanId} may choose. */
export function spanIds(random: Ids): Ids {
  return {
    generateTraceId: () => random.generateTraceId(),
    generateSpanId() {
      const id = next ?? random.generateSpanId();
      next = undefined;
      return id;
    },
  };
}

/** Starts a span with an id that is known already, since others are its children before it is there. */
export function withSpanId(id: string, start: () => Span | undefined): Span | undefined {
  next = id;
  try {
    return start();
  } finally {
    next = undefined;
  }
}
