import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../config/index.ts';
import { PerennialError } from '../contracts/errors.ts';
import { type Composed, composeServices } from '../workers/compose.ts';
import { type Endpoints, type RoleName, runningInstallation, startEmbedded } from '../workers/supervisor.ts';
import { ApiClient } from './client.ts';
import { exitCodes } from './exit-codes.ts';
import type { Terminal } from './terminal.ts';

/**
 * Gives `work` a client of the API: the one PERENNIAL_URL names, else the installation that runs on this home, else
 * embedded servers that are stopped afterwards (`stays` is false then).
 */
export async function withApi<T>(
  config: Config,
  terminal: Terminal,
  work: (api: ApiClient, where: { stays: boolean }) => Promise<T>,
): Promise<T> {
  if (config.url) return work(new ApiClient(config.url, config.apiKey), { stays: true });
  const running = runningInstallation(config.home);
  if (running?.apiUrl) return work(new ApiClient(running.apiUrl, keyOf(config)), { stays: true });
  return withServers(config, terminal, ['control', 'cpu', 'events', 'api'], ({ apiUrl }) =>
    work(new ApiClient(apiUrl ?? '', keyOf(config)), { stays: false }),
  );
}

/** Gives `work` the stores and engines that steps use, for commands that compute in this process. */
export async function withServices<T>(
  config: Config,
  terminal: Terminal,
  work: (composed: Composed, config: Config) => Promise<T>,
): Promise<T> {
  return withEndpoints(config, terminal, async ({ databaseUrl, redisUrl, temporalAddress }) => {
    const connected = { ...config, databaseUrl, redisUrl, temporalAddress };
    const composed = await composeServices(connected);
    try {
      return await work(composed, connected);
    } finally {
      await composed.close();
    }
  });
}

/** Gives `work` the URL of the database: DATABASE_URL, else the one of the installation on this home. */
export async function withDatabase<T>(
  config: Config,
  terminal: Terminal,
  work: (url: string) => Promise<T>,
): Promise<T> {
  if (config.databaseUrl) return work(config.databaseUrl);
  return withEndpoints(config, terminal, ({ databaseUrl }) => work(databaseUrl));
}

async function withEndpoints<T>(
  config: Config,
  terminal: Terminal,
  work: (endpoints: Pick<Endpoints, 'databaseUrl' | 'redisUrl' | 'temporalAddress'>) => Promise<T>,
): Promise<T> {
  const { databaseUrl, redisUrl, temporalAddress } = config;
  if (databaseUrl && redisUrl && temporalAddress) return work({ databaseUrl, redisUrl, temporalAddress });
  const running = runningInstallation(config.home);
  return running ? work(running) : withServers(config, terminal, [], work);
}

async function withServers<T>(
  config: Config,
  terminal: Terminal,
  roles: readonly RoleName[],
  work: (endpoints: Endpoints) => Promise<T>,
): Promise<T> {
  terminal.note('Starting embedded servers (`perennial up` keeps them running)');
  const embedded = await startEmbedded(config, { roles, log: (line) => terminal.note(`  ${line}`) });
  const interrupted = (): void => {
    terminal.note('Stopping');
    void embedded.stop().finally(() => process.exit(130));
  };
  // A defect in a library that throws outside of any promise must not leave servers behind either.
  const crashed = (error: unknown): void => {
    terminal.error(error);
    void embedded.stop().finally(() => process.exit(exitCodes.failed));
  };
  process.once('uncaughtException', crashed);
  process.once('SIGINT', interrupted);
  process.once('SIGTERM', interrupted);
  try {
    return await work(embedded.endpoints);
  } finally {
    process.off('uncaughtException', crashed);
    process.off('SIGINT', interrupted);
    process.off('SIGTERM', interrupted);
    await embedded.stop();
  }
}

/** PERENNIAL_API_KEY, else the administrator's key that the first start left in the home. */
export function keyOf(config: Config): string {
  if (config.apiKey) return config.apiKey;
  const file = join(config.home, 'admin.key');
  if (existsSync(file)) return readFileSync(file, 'utf8').trim();
  throw new PerennialError('UNAUTHENTICATED', 'No API key is known here.', {
    remedy: 'Set PERENNIAL_API_KEY; an administrator makes a key with `perennial keys create`.',
  });
}
