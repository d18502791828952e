import { type LogLevel as CoreLevel, DefaultLogger, makeTelemetryFilterString, Runtime } from '@temporalio/worker';
import type { Config } from '../config/index.ts';
import { log } from '../telemetry/log.ts';
import { freePort } from './embedded/free-port.ts';

const levels: Readonly<Record<CoreLevel, 'debug' | 'info' | 'warn' | 'error'>> = {
  TRACE: 'debug',
  DEBUG: 'debug',
  INFO: 'info',
  WARN: 'warn',
  ERROR: 'error',
};

/**
 * Lets Temporal's SDK write to the log of this process, and measure itself where metrics are shown.
 *
 * @returns the text of its metrics; it listens on this machine alone, and whoever asks this process gets them.
 */
export async function installTemporalRuntime({
  logLevel,
  metricsPort,
}: Pick<Config, 'logLevel' | 'metricsPort'>): Promise<() => Promise<string>> {
  const level = logLevel === 'debug' ? 'DEBUG' : 'WARN';
  const logger = new DefaultLogger(level, ({ level: of, message, meta }) => {
    const { error, ...more } = meta ?? {};
    log()[levels[of]]({ temporal: more, ...(error === undefined ? {} : { err: error as unknown }) }, message);
  });
  const port = metricsPort === 0 ? 0 : await freePort();
  const bindAddress = `127.0.0.1:${port}`;
  Runtime.install({
    logger,
    shutdownSignals: [],
    telemetryOptions: {
      logging: { forward: {}, filter: makeTelemetryFilterString({ core: level, other: 'ERROR' }) },
      ...(port === 0
        ? {}
        : {
            metrics: {
              prometheus: { bindAddress, countersTotalSuffix: true, unitSuffix: true, useSecondsForDurations: true },
            },
          }),
    },
  });
  if (port === 0) return () => Promise.resolve('');
  return async () => (await fetch(`http://${bindAddress}/metrics`)).text();
}
