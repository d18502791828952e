import type { Config } from '../config/index.ts';
import { secretValues } from '../config/secret-values.ts';
import { tracingSettings } from '../config/tracing.ts';
import { startTelemetry, type Telemetry } from '../telemetry/start.ts';
import { codeVersion } from './code-version.ts';

/** Begins logs and traces of a process, as the configuration says them; the first thing that a role does. */
export function composeTelemetry(role: string, config: Config): Promise<Telemetry> {
  return startTelemetry(role, {
    level: config.logLevel,
    secrets: secretValues(),
    tracing: tracingSettings(config),
    version: codeVersion().version,
  });
}
