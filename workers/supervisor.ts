import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Config, environmentWith } from '../config/index.ts';
import { PerennialError } from '../contracts/errors.ts';
import { migrate } from '../storage/postgres/migrate.ts';
import { freePort } from './embedded/free-port.ts';
import { keepServer } from './embedded/keep-server.ts';
import { ProcessTable } from './embedded/process-table.ts';
import { keepAlive, type Role } from './embedded/role.ts';
import { type Server, startPostgres, startRedis, startTemporal } from './embedded/servers.ts';

/** Where a running installation answers; kept in `state.json` for the command. */
export interface Endpoints {
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly temporalAddress: string;
  readonly temporalUi: string | null;
  readonly apiUrl: string | null;
}

export interface Embedded {
  readonly endpoints: Endpoints;
  /** Stops everything it started, in reverse order. */
  stop(): Promise<void>;
}

export type RoleName = 'api' | 'control' | 'cpu' | 'events' | 'serving';

const supervisor = 'supervisor';
const scripts: Readonly<Record<RoleName, string>> = {
  control: './control.js',
  cpu: './cpu.js',
  events: './events.js',
  serving: './serving.js',
  api: '../api/server.js',
};

/** The endpoints of the supervisor that runs on this home now, or null. */
export function runningInstallation(home: string): Endpoints | null {
  if (!new ProcessTable(join(home, 'processes.json')).get(supervisor)) return null;
  const file = join(home, 'state.json');
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Endpoints) : null;
}

/**
 * Embedded mode: starts the servers that the configuration does not name, migrates, starts the roles, and keeps them
 * alive. What an earlier supervisor left running when it was killed is ended first.
 *
 * @param roles default: all.
 * @throws CONFLICT when another supervisor runs on the same home; UNAVAILABLE when a server does not start.
 */
export async function startEmbedded(
  config: Config,
  {
    roles = ['control', 'cpu', 'events', 'serving', 'api'],
    log,
  }: { roles?: readonly RoleName[]; log: (line: string) => void },
): Promise<Embedded> {
  const { home } = config;
  const logs = join(home, 'logs');
  mkdirSync(logs, { recursive: true });
  const table = new ProcessTable(join(home, 'processes.json'));
  const other = table.get(supervisor);
  if (other) {
    throw new PerennialError('CONFLICT', `Perennial runs on ${home} already (process ${other.pid}).`, {
      remedy: 'Use it, stop it, or give this one another folder by PERENNIAL_HOME.',
    });
  }
  table.add(supervisor, process.pid);
  const ended = await table.endAll(supervisor);
  if (ended.length > 0) log(`ended what an earlier run left behind: ${ended.join(', ')}`);

  const stops: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (const undo of stops.splice(0).reverse()) await undo();
    rmSync(join(home, 'state.json'), { force: true });
    table.remove(supervisor);
  };
  const run = async <S extends Server>(name: string, start: (logFile: string) => Promise<S>): Promise<S> => {
    const from = performance.now();
    const kept = await keepServer(name, () => start(join(logs, `${name}.log`)), table, log);
    stops.push(() => kept.stop());
    log(`${name} … ${((performance.now() - from) / 1000).toFixed(1)} s`);
    return kept.first;
  };

  try {
    const ports = await choosePorts(home, config.port);
    if (roles.includes('api') && config.port !== 0 && ports.api !== config.port)
      log(`port ${config.port} is taken; the API listens on ${ports.api} (PERENNIAL_PORT chooses another)`);
    const [postgres, redis, temporal] = await Promise.all([
      config.databaseUrl
        ? null
        : run('postgres', (file) => startPostgres(join(home, 'postgres'), ports.postgres, file)),
      config.redisUrl
        ? null
        : run('redis', (file) => startRedis(config.redisServer, join(home, 'redis'), ports.redis, file)),
      config.temporalAddress
        ? null
        : run('temporal', (file) =>
            startTemporal(config.temporalCli, join(home, 'temporal'), ports.temporal, ports.temporalUi, file),
          ),
    ]);
    const databaseUrl = config.databaseUrl ?? postgres?.url ?? '';
    const applied = await migrate({ url: databaseUrl });
    if (applied.length > 0) log(`database migrated: ${applied.join(', ')}`);
    const endpoints: Endpoints = {
      databaseUrl,
      redisUrl: config.redisUrl ?? redis?.url ?? '',
      temporalAddress: config.temporalAddress ?? temporal?.address ?? '',
      temporalUi: temporal?.ui ?? null,
      apiUrl: roles.includes('api') ? `http://${config.host}:${ports.api}` : null,
    };
    const env = environmentWith({
      DATABASE_URL: endpoints.databaseUrl,
      REDIS_URL: endpoints.redisUrl,
      TEMPORAL_ADDRESS: endpoints.temporalAddress,
      PERENNIAL_HOME: home,
      PERENNIAL_PORT: String(ports.api),
      PERENNIAL_SECRET_KEY: (config.secretKey ?? secretKeyOf(home)).toString('base64'),
    });
    const processes = roles.flatMap((role) =>
      role === 'serving' ? servingProcesses(config) : [{ name: role, role, settings: metricsPortOf(role, config) }],
    );
    const started = processes.map(({ name, role, settings }: RoleProcess): readonly [string, Role] => {
      const script = fileURLToPath(new URL(scripts[role], import.meta.url));
      const kept = keepAlive(name, script, { ...env, ...settings }, join(logs, `${name}.log`), table, log);
      stops.push(() => kept.stop());
      return [name, kept];
    });
    for (const [name, kept] of started) {
      await kept.ready;
      log(`${name} is ready`);
    }
    writeFileSync(join(home, 'state.json'), JSON.stringify(endpoints, null, 1), { mode: 0o600 });
    return { endpoints, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

interface RoleProcess {
  /** Of its log and its record. */
  readonly name: string;
  readonly role: RoleName;
  readonly settings?: Readonly<Record<string, string>>;
}

/** Roles that have no port of their own, in the order of their ports of metrics. */
const withoutPort: readonly RoleName[] = ['control', 'cpu', 'events'];

/** Processes on one machine cannot share a port: each has the next. */
function metricsPortOf(role: RoleName, { metricsPort }: Config): Readonly<Record<string, string>> {
  const place = withoutPort.indexOf(role);
  return { PERENNIAL_METRICS_PORT: String(metricsPort === 0 || place < 0 ? 0 : metricsPort + place) };
}

/** As many serving processes as are configured, each with its share of the threads and a port of its own. */
function servingProcesses({ servingReplicas: count, servingThreads, servingPort }: Config): RoleProcess[] {
  return Array.from({ length: count }, (_, i) => ({
    name: i === 0 ? 'serving' : `serving-${i + 1}`,
    role: 'serving',
    settings: {
      PERENNIAL_SERVING_THREADS: String(Math.max(1, Math.floor(servingThreads / count))),
      PERENNIAL_SERVING_PORT: String(servingPort === 0 ? 0 : servingPort + i),
    },
  }));
}

/** The key that encrypts secrets in the database of this home; made with the first start. */
function secretKeyOf(home: string): Buffer {
  const file = join(home, 'secret.key');
  if (!existsSync(file)) writeFileSync(file, randomBytes(32).toString('base64'), { mode: 0o600, flag: 'wx' });
  return Buffer.from(readFileSync(file, 'utf8').trim(), 'base64');
}

interface Ports {
  readonly postgres: number;
  readonly redis: number;
  readonly temporal: number;
  readonly temporalUi: number;
  readonly api: number;
}

/** The ports of last time where they are still free: links and scripts stay valid from start to start. */
async function choosePorts(home: string, api: number): Promise<Ports> {
  const file = join(home, 'ports.json');
  const last: Partial<Ports> = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Partial<Ports>) : {};
  const ports: Ports = {
    postgres: await freePort(last.postgres),
    redis: await freePort(last.redis),
    temporal: await freePort(last.temporal ?? 7233),
    temporalUi: await freePort(last.temporalUi ?? 8233),
    api: await freePort(api),
  };
  writeFileSync(file, JSON.stringify(ports));
  return ports;
}
