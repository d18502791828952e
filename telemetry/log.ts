import { AsyncLocalStorage } from 'node:async_hooks';
import { type Logger, pino, stdTimeFunctions } from 'pino';
import type { LogLevel } from '../contracts/runs.ts';
import { logStream } from './log-stream.ts';
import { redact } from './redact.ts';
import { activeIds } from './tracing.ts';

/** What the lines of a piece of work have in common, such as run, step and attempt. */
export type LogFields = Readonly<Record<string, string | number>>;

const fields = new AsyncLocalStorage<LogFields>();

let logger = create('process', 'info');

/** The log of this process: JSON lines on standard output, without secrets. */
export function log(): Logger {
  return logger;
}

/** Gives the log its role and level. */
export function openLog(role: string, level: LogLevel): void {
  logger = create(role, level);
}

/** Adds fields to every line that `work` writes. */
export function withLogFields<T>(more: LogFields, work: () => T): T {
  return fields.run({ ...fields.getStore(), ...more }, work);
}

/** Says what could not be done, with the error as text and its cause. */
export function report(message: string, error: unknown): void {
  logger.error({ err: error }, message);
}

/** @param write takes lines; default standard output. */
export function create(
  role: string,
  level: LogLevel,
  write = (lines: string) => void process.stdout.write(lines),
): Logger {
  const stream = logStream(write);
  return pino(
    {
      level,
      base: { role, pid: process.pid },
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      mixin() {
        const ids = activeIds();
        return { ...fields.getStore(), ...(ids ? { trace_id: ids.traceId, span_id: ids.spanId } : {}) };
      },
    },
    { write: (line: string) => stream.write(redact(line)) },
  );
}
