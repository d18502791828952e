import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { IORedisInstrumentation } from '@opentelemetry/instrumentation-ioredis';
import { PgInstrumentation } from '@opentelemetry/instrumentation-pg';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  BatchSpanProcessor,
  NodeTracerProvider,
  ParentBasedSampler,
  RandomIdGenerator,
  type Sampler,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace-node';
import { ATTR_SERVICE_NAME, ATTR_SERVICE_VERSION } from '@opentelemetry/semantic-conventions';
import { Redis } from 'ioredis';
import pg from 'pg';
import type { TracingSettings } from './settings.ts';
import { spanIds } from './span-ids.ts';
import { tracingStarted } from './tracing.ts';

/** Longest that spans wait to be sent, and that a process that ends waits for them to be. */
const flushMs = 2_000;

/** Sends the spans of this process; only loaded where an endpoint is set. @returns what sends the last ones. */
export function startProvider(
  { endpoint, headers, sampler, samplerArg, serviceName, resource }: TracingSettings & { readonly endpoint: string },
  role: string,
  version: string,
): () => Promise<void> {
  const provider = new NodeTracerProvider({
    idGenerator: spanIds(new RandomIdGenerator()),
    sampler: samplerOf(sampler, samplerArg),
    resource: resourceFromAttributes({
      [ATTR_SERVICE_NAME]: serviceName ?? `perennial-${role}`,
      [ATTR_SERVICE_VERSION]: version,
      'service.namespace': 'perennial',
      'service.instance.id': String(process.pid),
      ...resource,
    }),
    spanProcessors: [
      new BatchSpanProcessor(new OTLPTraceExporter({ url: endpoint, headers: { ...headers } }), {
        scheduledDelayMillis: flushMs,
        exportTimeoutMillis: 10_000,
      }),
    ],
  });
  provider.register();
  traceServers();
  tracingStarted();
  return () => Promise.race([provider.shutdown().catch(() => undefined), after(flushMs)]);
}

/**
 * Statements and commands become spans where there is a span they belong to. The modules are patched by hand: what hooks imports needs
 * `--import` in every command line that starts a process, and is silent where one forgets it.
 */
function traceServers(): void {
  patch(new PgInstrumentation({ requireParentSpan: true, ignoreConnectSpans: true }), 'pg', pg);
  // Keys and values may hold what is nobody's business: the command's name says what took the time.
  patch(
    new IORedisInstrumentation({ requireParentSpan: true, dbStatementSerializer: (name) => name }),
    'ioredis',
    Redis,
  );
}

function patch(instrumentation: PgInstrumentation | IORedisInstrumentation, name: string, module: unknown): void {
  for (const definition of instrumentation.getModuleDefinitions())
    if (definition.name === name) definition.patch?.(module);
}

/** The samplers of https://opentelemetry.io/docs/languages/sdk-configuration/general/. */
function samplerOf(name: TracingSettings['sampler'], share: number): Sampler {
  const root = {
    always_on: () => new AlwaysOnSampler(),
    always_off: () => new AlwaysOffSampler(),
    traceidratio: () => new TraceIdRatioBasedSampler(share),
  };
  const base = name.replace('parentbased_', '') as keyof typeof root;
  const sampler = root[base]();
  return name.startsWith('parentbased_') ? new ParentBasedSampler({ root: sampler }) : sampler;
}

function after(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}
