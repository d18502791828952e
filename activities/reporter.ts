import type { LogLine, Progress } from '../contracts/runs.ts';
import type { RunRepository, StepRef } from '../domain/ports/runs.ts';
import { log } from '../telemetry/log.ts';
import { redact } from '../telemetry/redact.ts';

type Line = Pick<LogLine, 'at' | 'level' | 'message'>;

/** What a running attempt says, gathered and written at most twice a second. */
export interface Reporter {
  progress(done: number, total: number, unit: string): void;
  metric(name: string, value: number): void;
  /** Secrets in it are left out; the log of the worker has the line too. */
  log(level: LogLine['level'], message: string): void;
  /** Writes what is gathered. Reports are worth less than the work: a failure to write them is kept for the next flush. */
  flush(): Promise<void>;
  close(): void;
}

const intervalMs = 500;
/** Lines kept while PostgreSQL is away; older ones give way. */
const keptLines = 10_000;

export function createReporter(runs: RunRepository, step: StepRef, attempt: number): Reporter {
  let progress: Progress | undefined;
  let metrics: Record<string, number> = {};
  let lines: Line[] = [];
  let writing: Promise<void> = Promise.resolve();

  const write = async (): Promise<void> => {
    const taken = { progress, metrics, lines };
    progress = undefined;
    metrics = {};
    lines = [];
    try {
      if (taken.progress) await runs.progress(step, taken.progress);
      if (Object.keys(taken.metrics).length > 0) await runs.metrics(step, taken.metrics);
      if (taken.lines.length > 0) await runs.log(step, attempt, taken.lines);
    } catch {
      progress ??= taken.progress;
      metrics = { ...taken.metrics, ...metrics };
      lines = [...taken.lines, ...lines].slice(-keptLines);
    }
  };
  const flush = (): Promise<void> => {
    writing = writing.then(write);
    return writing;
  };
  const timer = setInterval(() => {
    if (progress || lines.length > 0 || Object.keys(metrics).length > 0) void flush();
  }, intervalMs);

  return {
    progress: (done, total, unit) => {
      progress = { done, total, unit };
    },
    metric: (name, value) => {
      metrics[name] = value;
    },
    log: (level, message) => {
      const line = redact(message);
      lines.push({ at: new Date().toISOString(), level, message: line });
      log()[level](line);
    },
    flush,
    close: () => clearInterval(timer),
  };
}
