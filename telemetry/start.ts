import type { Logger } from 'pino';
import type { LogLevel } from '../contracts/runs.ts';
import { log, openLog } from './log.ts';
import { protect } from './redact.ts';
import type { TracingSettings } from './settings.ts';

export interface Telemetry {
  readonly log: Logger;
  /** Sends what has not been sent yet. */
  close(): Promise<void>;
}

/**
 * Begins what a process tells of itself: lines of logs without secrets, and spans where somebody takes them.
 *
 * @param role of the process: api, control, cpu, gpu, serving, events or step.
 * @param given.secrets values that no line may hold.
 */
export async function startTelemetry(
  role: string,
  given: {
    readonly level: LogLevel;
    readonly secrets: readonly string[];
    readonly tracing: TracingSettings;
    readonly version: string;
  },
): Promise<Telemetry> {
  protect(given.secrets);
  openLog(role, given.level);
  const { endpoint } = given.tracing;
  if (endpoint === undefined) return { log: log(), close: () => Promise.resolve() };
  const { startProvider } = await import('./provider.ts');
  return { log: log(), close: startProvider({ ...given.tracing, endpoint }, role, given.version) };
}
