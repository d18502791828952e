import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { environmentWith } from '../../config/index.ts';

const bin = fileURLToPath(new URL('../../bin/perennial.mjs', import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Perennial {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Resolves when standard error holds `text`; rejects when the command ends before. */
  says(text: string): Promise<void>;
}

/** Runs the command as a user would, in a process of its own. */
export function spawnPerennial(args: readonly string[], env: Readonly<Record<string, string>>): Perennial {
  const child = spawn(process.execPath, [bin, ...args], {
    env: environmentWith(env),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  let heard = (): void => {};
  child.stdout.on('data', (data) => {
    stdout += data;
  });
  child.stderr.on('data', (data) => {
    stderr += data;
    heard();
  });
  const ended = once(child, 'close').then(([code]): Ended => ({ code: code as number | null, stdout, stderr }));
  return {
    child,
    ended,
    says: (text) =>
      new Promise((resolve, reject) => {
        heard = () => stderr.includes(text) && resolve();
        heard();
        void ended.then(({ code }) => reject(new Error(`ended with ${code} before saying "${text}":\n${stderr}`)));
      }),
  };
}

/** Runs the command to its end. */
export function perennial(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> {
  return spawnPerennial(args, env).ended;
}
