/** Name of the header, the extension of CloudEvents and the field that carry where a trace goes on (W3C Trace Context). */
export const traceparentName = 'traceparent';

/** Where a trace goes on: ids as lower-case hexadecimal, 32 and 16 digits. */
export interface TraceParent {
  readonly traceId: string;
  readonly spanId: string;
  readonly sampled: boolean;
}

const pattern = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(?:-.*)?$/;

/** Reads `traceparent` (https://www.w3.org/TR/trace-context/); undefined for anything that is none. */
export function parseTraceparent(text: unknown): TraceParent | undefined {
  const [, traceId, spanId, flags] = (typeof text === 'string' && pattern.exec(text.trim())) || [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return undefined;
  return { traceId, spanId, sampled: (Number.parseInt(flags, 16) & 1) === 1 };
}

/** As {@link parseTraceparent} reads it. */
export function formatTraceparent({ traceId, spanId, sampled }: TraceParent): string {
  return `00-${traceId}-${spanId}-${sampled ? '01' : '00'}`;
}

/**
 * The span of a workflow's run: its id comes from the id of the run, since code of a workflow gives the same again when it
 * is replayed.
 *
 * @param parent what asked for it. @param runId a UUID.
 */
export function workflowSpan(parent: TraceParent, runId: string): TraceParent {
  // The last digits: those of version and variant are no random ones.
  return { ...parent, spanId: runId.replaceAll('-', '').slice(-16) };
}

/** Which traces are kept (https://opentelemetry.io/docs/languages/sdk-configuration/general/). */
export const traceSamplers = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
] as const;
