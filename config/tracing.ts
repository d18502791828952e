import type { Config } from './index.ts';

/** Where spans are sent, and how many. */
export function tracingSettings(config: Config) {
  const { otlpEndpoint, otlpTracesEndpoint } = config;
  // By the specification, paths of the signals are put behind the path of the common endpoint.
  const common = otlpEndpoint && `${otlpEndpoint.replace(/\/+$/, '')}/v1/traces`;
  return {
    endpoint: config.telemetryDisabled ? undefined : (otlpTracesEndpoint ?? common),
    headers: config.otlpHeaders,
    sampler: config.tracesSampler,
    samplerArg: config.tracesSamplerArg,
    serviceName: config.serviceName,
    resource: config.resourceAttributes,
  };
}
