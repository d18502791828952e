import { type ChildProcess, fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Connection } from '@temporalio/client';
import { ApiClient } from '../../cli/client.ts';
import { type RunDetail, startRun } from '../../cli/runs.ts';
import { environmentWith } from '../../config/index.ts';
import { ensureNamespace } from '../../storage/temporal/namespace.ts';
import { freePort } from '../../workers/embedded/free-port.ts';
import { freshDatabase, redisUrl, temporalAddress } from './servers.ts';

const scripts = {
  api: '../../dist/api/server.js',
  control: '../../dist/workers/control.js',
  cpu: '../../dist/workers/cpu.js',
  events: '../../dist/workers/events.js',
  serving: '../../dist/workers/serving.js',
  'serving-2': '../../dist/workers/serving.js',
} as const;
export type RoleName = keyof typeof scripts;

/** API and workers as their own processes, on a database, a Temporal namespace and folders of their own. */
export interface Installation {
  readonly api: ApiClient;
  /** The administrator's key. */
  readonly key: string;
  readonly home: string;
  readonly databaseUrl: string;
  readonly env: NodeJS.ProcessEnv;
  /** Starts a role, also again after {@link Installation.kill}. */
  start(role: RoleName): Promise<void>;
  kill(role: RoleName, signal?: NodeJS.Signals): Promise<void>;
  pid(role: RoleName): number;
  /** Starts a run and follows it to its end; `onEvent` sees each event, and may act on it. */
  run(
    pipeline: string,
    params: object,
    onEvent?: (event: RunEvent, runId: string) => Promise<void> | void,
  ): Promise<RunDetail>;
  /** A {@link Installation.run} of offers. */
  runOffers(params: object, onEvent?: (event: RunEvent, runId: string) => Promise<void> | void): Promise<RunDetail>;
  close(): Promise<void>;
}

export interface RunEvent {
  readonly type: string;
  readonly stepId: string;
  readonly status: string;
  readonly unit: string;
  readonly done: number;
  readonly total: number;
}

/**
 * @param given.databaseUrl another database than a fresh one of the shared server.
 * @param given.env more settings.
 * @param given.roles started at once; default: API and workers.
 * @param given.envOf more settings of one role.
 */
export async function startInstallation(
  given: {
    readonly databaseUrl?: string;
    readonly env?: Readonly<Record<string, string>>;
    readonly roles?: readonly RoleName[];
    readonly envOf?: (role: RoleName) => Readonly<Record<string, string>>;
  } = {},
): Promise<Installation> {
  const home = mkdtempSync(join(tmpdir(), 'perennial-e2e-'));
  const database = given.databaseUrl ? null : await freshDatabase();
  const databaseUrl = database?.url ?? given.databaseUrl ?? '';
  const namespace = `e2e-${randomBytes(4).toString('hex')}`;
  const connection = await Connection.connect({ address: temporalAddress() });
  await ensureNamespace(connection, namespace);
  await connection.close();
  const port = await freePort();
  const env = environmentWith({
    DATABASE_URL: databaseUrl,
    REDIS_URL: redisUrl(),
    TEMPORAL_ADDRESS: temporalAddress(),
    TEMPORAL_NAMESPACE: namespace,
    PERENNIAL_HOME: home,
    PERENNIAL_PORT: String(port),
    PERENNIAL_RATE_LIMIT: '100000',
    ...given.env,
  });
  const children = new Map<RoleName, ChildProcess>();

  const start = async (role: RoleName): Promise<void> => {
    const log = openSync(join(home, `${role}.log`), 'a');
    const child = fork(fileURLToPath(new URL(scripts[role], import.meta.url)), [], {
      env: { ...env, ...given.envOf?.(role) },
      stdio: ['ignore', log, log, 'ipc'],
    });
    children.set(role, child);
    await new Promise<void>((resolve, reject) => {
      child.on('message', (message) => message === 'ready' && resolve());
      child.once('exit', () => reject(new Error(`${role} ended: ${readFileSync(join(home, `${role}.log`), 'utf8')}`)));
    });
  };
  const kill = async (role: RoleName, signal: NodeJS.Signals = 'SIGKILL'): Promise<void> => {
    const child = children.get(role);
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill(signal);
    await exited;
  };
  await Promise.all((given.roles ?? (['api', 'control', 'cpu'] as const)).map(start));
  const key = readFileSync(join(home, 'admin.key'), 'utf8').trim();
  const api = new ApiClient(`http://127.0.0.1:${port}`, key);
  const run: Installation['run'] = async (pipeline, params, onEvent) => {
    const { id } = await startRun(api, pipeline, { ...params });
    for await (const { type, data } of api.events(id)) await onEvent?.({ type, ...data } as unknown as RunEvent, id);
    return api.get<RunDetail>(`/v1/runs/${id}`);
  };

  return {
    api,
    key,
    home,
    databaseUrl,
    env,
    start,
    kill,
    pid: (role) => children.get(role)?.pid ?? 0,
    run,
    runOffers: (params, onEvent) => run('offers', params, onEvent),
    async close() {
      await Promise.all([...children.keys()].map((role) => kill(role, 'SIGTERM')));
      await database?.drop();
      rmSync(home, { recursive: true, force: true });
    },
  };
}
