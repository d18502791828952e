import { type ChildProcess, fork } from 'node:child_process';
import { closeSync, existsSync, openSync, renameSync, statSync } from 'node:fs';
import type { ProcessTable } from './process-table.ts';

/** Logs beyond this size are set aside as `.1` when their process starts. */
const logBytes = 10 * 1024 * 1024;
/** Waits between restarts: doubling from the first to the last; a process that lived a minute begins anew. */
const firstWaitMs = 500;
const lastWaitMs = 30_000;

/** A process of ours that is kept alive. */
export interface Role {
  /** Resolves when it first says `ready`; rejects when it ends before. */
  readonly ready: Promise<void>;
  stop(): Promise<void>;
}

/** Starts `script`, writes its output to `log`, and starts it again with a back-off whenever it dies. */
export function keepAlive(
  name: string,
  script: string,
  env: NodeJS.ProcessEnv,
  log: string,
  table: ProcessTable,
  say: (line: string) => void,
): Role {
  let child: ChildProcess | undefined;
  let wait = firstWaitMs;
  let timer: NodeJS.Timeout | undefined;
  let stopping = false;
  let settleReady: { resolve(): void; reject(error: Error): void };
  const ready = new Promise<void>((resolve, reject) => {
    settleReady = { resolve, reject };
  });

  const start = (): void => {
    if (existsSync(log) && statSync(log).size > logBytes) renameSync(log, `${log}.1`);
    const out = openSync(log, 'a');
    const from = Date.now();
    child = fork(script, [], { env, stdio: ['ignore', out, out, 'ipc'], detached: true });
    closeSync(out);
    if (child.pid) table.add(name, child.pid);
    child.on('message', (message) => {
      if (message === 'ready') settleReady.resolve();
    });
    child.once('exit', (code, signal) => {
      table.remove(name);
      if (stopping) return;
      settleReady.reject(new Error(`${name} ended (${signal ?? `exit code ${code}`}) before it was ready; see ${log}`));
      if (Date.now() - from > 60_000) wait = firstWaitMs;
      say(`${name} ended (${signal ?? `exit code ${code}`}); starting it again in ${wait / 1000} s`);
      timer = setTimeout(start, wait);
      wait = Math.min(wait * 2, lastWaitMs);
    });
  };
  start();
  // Whoever waits sees the rejection; nobody has to.
  ready.catch(() => {});

  return {
    ready,
    async stop() {
      stopping = true;
      clearTimeout(timer);
      const running = child;
      if (!running || running.exitCode !== null || running.signalCode !== null) return;
      const exited = new Promise<void>((resolve) => running.once('exit', () => resolve()));
      running.kill('SIGTERM');
      const killer = setTimeout(() => running.kill('SIGKILL'), 15_000);
      await exited;
      clearTimeout(killer);
    },
  };
}
