import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A worker of `test/support/fixtures` in a process of its own, which a test kills and starts again. */
export interface ForkedWorker {
  /** Resolves when it says that it works. */
  start(): Promise<void>;
  /** With -9. */
  kill(): Promise<void>;
}

/** @param input what its script is given, as JSON. */
export function forkedWorker(script: string, input: () => object): ForkedWorker {
  const path = fileURLToPath(new URL(`./fixtures/${script}`, import.meta.url));
  let child: ChildProcess | undefined;
  return {
    async start() {
      child = fork(path, [JSON.stringify(input())], { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
      await once(child, 'message');
    },
    async kill() {
      if (child === undefined) return;
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
    },
  };
}
