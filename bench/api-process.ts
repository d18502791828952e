import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Config, environmentWith } from '../config/index.ts';
import { PerennialError } from '../contracts/errors.ts';
import { freePort } from '../workers/embedded/servers.ts';

/**
 * Starts the real API server over the given services, on a port of its own and without a limit of requests a key. Its log
 * is `logs/bench-api.log` in the home.
 *
 * @throws UNAVAILABLE when it ends before it is ready.
 */
export async function startApi(config: Config): Promise<{ url: string; stop(): Promise<void> }> {
  const port = await freePort();
  const env = environmentWith({
    DATABASE_URL: config.databaseUrl ?? '',
    REDIS_URL: config.redisUrl ?? '',
    TEMPORAL_ADDRESS: config.temporalAddress ?? '',
    PERENNIAL_HOME: config.home,
    PERENNIAL_HOST: '127.0.0.1',
    PERENNIAL_PORT: String(port),
    PERENNIAL_RATE_LIMIT: '1000000',
  });
  const log = join(config.home, 'logs', 'bench-api.log');
  mkdirSync(join(config.home, 'logs'), { recursive: true });
  const out = openSync(log, 'w');
  const script = fileURLToPath(new URL('../api/server.js', import.meta.url));
  const child = fork(script, [], { env, stdio: ['ignore', out, out, 'ipc'] });
  closeSync(out);
  await Promise.race([once(child, 'message'), failed(child, log)]);
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

async function failed(child: ChildProcess, log: string): Promise<never> {
  await once(child, 'exit');
  throw new PerennialError('UNAVAILABLE', 'The API server ended before it was ready.', {
    remedy: `Its reason is in ${log}.`,
  });
}
