import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Config, environmentWith } from '../config/index.ts';
import { PerennialError } from '../contracts/errors.ts';
import { freePort } from '../workers/embedded/free-port.ts';

export interface RoleProcess {
  readonly url: string;
  /** Ends it as an orchestrator does. */
  stop(): Promise<void>;
}

const roles = {
  api: { script: '../api/server.js', port: 'PERENNIAL_PORT' },
  serving: { script: '../workers/serving.js', port: 'PERENNIAL_SERVING_PORT' },
  /** Listens to nothing. */
  control: { script: '../workers/control.js', port: 'PERENNIAL_PORT' },
} as const;
export type RoleName = keyof typeof roles;

/**
 * Starts the real API server, a serving replica or a control worker over the given services, on a port of its own and without a limit of
 * requests a key. Its log is `logs/bench-<name>.log` in the home.
 *
 * @param name default: the role.
 * @throws UNAVAILABLE when it ends before it is ready.
 */
export async function startRole(config: Config, role: RoleName, name: string = role): Promise<RoleProcess> {
  const port = await freePort();
  const env = environmentWith({
    DATABASE_URL: config.databaseUrl ?? '',
    REDIS_URL: config.redisUrl ?? '',
    TEMPORAL_ADDRESS: config.temporalAddress ?? '',
    TEMPORAL_NAMESPACE: config.temporalNamespace,
    PERENNIAL_ARTIFACTS: config.artifacts,
    PERENNIAL_HOME: config.home,
    PERENNIAL_HOST: '127.0.0.1',
    [roles[role].port]: String(port),
    PERENNIAL_RATE_LIMIT: '1000000',
  });
  const log = join(config.home, 'logs', `bench-${name}.log`);
  mkdirSync(join(config.home, 'logs'), { recursive: true });
  const out = openSync(log, 'w');
  const script = fileURLToPath(new URL(roles[role].script, import.meta.url));
  const child = fork(script, [], { env, stdio: ['ignore', out, out, 'ipc'] });
  closeSync(out);
  await Promise.race([once(child, 'message'), failed(child, name, log)]);
  return {
    url: `http://127.0.0.1:${port}`,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      await exited;
    },
  };
}

async function failed(child: ChildProcess, name: string, log: string): Promise<never> {
  await once(child, 'exit');
  throw new PerennialError('UNAVAILABLE', `The process ${name} ended before it was ready.`, {
    remedy: `Its reason is in ${log}.`,
  });
}
