import type { traceSamplers } from '../contracts/tracing.ts';

/** Where spans go, and how many; the names are those of OpenTelemetry's environment variables. */
export interface TracingSettings {
  /** Where spans are sent by OTLP over HTTP; undefined: none are made. */
  readonly endpoint: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly sampler: (typeof traceSamplers)[number];
  /** Share of the traces that `traceidratio` keeps, 0 to 1. */
  readonly samplerArg: number;
  readonly serviceName: string | undefined;
  /** More attributes of the service. */
  readonly resource: Readonly<Record<string, string>>;
}
