import { execFile } from 'node:child_process';
import { existsSync, statfsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { promisify } from 'node:util';
import type { Command } from 'commander';
import { type Config, settingHelp } from '../../config/index.ts';
import type { ShownReplica } from '../../contracts/serving.ts';
import { answers } from '../../workers/embedded/servers.ts';
import { runningInstallation } from '../../workers/supervisor.ts';
import { ApiClient } from '../client.ts';
import { contextOf } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { keyOf } from '../installation.ts';
import { table } from '../terminal.ts';

interface Finding {
  readonly what: string;
  readonly ok: boolean;
  readonly found: string;
  /** What to do about it; empty when all is well. */
  readonly remedy: string;
}

const leastFreeBytes = 4e9;

/** What is installed, reachable and missing, with the remedy; exit code 4 when something is missing. */
export function doctorCommand(program: Command): void {
  program
    .command('doctor')
    .description('what is installed, reachable and missing, and the remedy')
    .action(async (_options: object, command: Command) => {
      const { config, terminal } = contextOf(command);
      const findings = await Promise.all([
        node(),
        ...(await programs(config)),
        tensorFlow(),
        disk(config),
        ...servers(config),
        ...(await api(config)),
      ]);
      terminal.result({ findings, settings: settingHelp }, () =>
        [
          table(
            ['', 'what', 'found'],
            findings.map((f) => [f.ok ? '✓' : '✗', f.what, f.found + (f.remedy && `\n→ ${f.remedy}`)]),
          ),
          '',
          'Settings (environment)',
          table(
            ['name', 'meaning'],
            settingHelp.map(({ env, help }) => [env, help]),
          ),
        ].join('\n'),
      );
      if (findings.some((f) => !f.ok)) process.exitCode = exitCodes.unavailable;
    });
}

function node(): Finding {
  const [major = 0] = process.versions.node.split('.').map(Number);
  const ok = major >= 20 && major <= 24;
  return { what: 'Node', ok, found: process.versions.node, remedy: ok ? '' : 'Install Node 20, 22 or 24.' };
}

async function programs({ temporalCli, redisServer, temporalAddress, redisUrl }: Config): Promise<Finding[]> {
  const version = async (what: string, command: string, needed: boolean, remedy: string): Promise<Finding> => {
    try {
      const { stdout } = await promisify(execFile)(command, ['--version']);
      return { what, ok: true, found: `${stdout.trim().split('\n')[0]} (${command})`, remedy: '' };
    } catch {
      return needed
        ? { what, ok: false, found: `${command} does not start`, remedy }
        : { what, ok: true, found: 'not installed, and not needed in connected mode', remedy: '' };
    }
  };
  return Promise.all([
    version('Temporal CLI', temporalCli, !temporalAddress, 'Run `npm start` once, or let TEMPORAL_CLI name it.'),
    version('Redis server', redisServer, !redisUrl, 'Run `npm start` once, or let REDIS_SERVER name it.'),
  ]);
}

async function tensorFlow(): Promise<Finding> {
  const what = 'TensorFlow.js, native';
  try {
    const { tf } = await import('../../domain/nlp/tensorflow.ts');
    const [sum] = tf.add(1, 2).dataSync();
    const { version } = createRequire(import.meta.url)('@tensorflow/tfjs-node/package.json') as { version: string };
    return { what, ok: sum === 3, found: `${version}, backend ${tf.getBackend()}`, remedy: '' };
  } catch (error) {
    return {
      what,
      ok: false,
      found: error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error),
      remedy: 'Run `npm start` once; it builds the addon (make and g++ are needed).',
    };
  }
}

function disk({ home }: Config): Finding {
  const { bavail, bsize } = statfsSync(existsSync(home) ? home : '.');
  const free = bavail * bsize;
  const ok = free > leastFreeBytes;
  return {
    what: `Disk of ${home}`,
    ok,
    found: `${(free / 1e9).toFixed(1)} GB free`,
    remedy: ok ? '' : 'Free about 4 GB, or let PERENNIAL_HOME name another disk.',
  };
}

function servers(config: Config): Promise<Finding>[] {
  const running = runningInstallation(config.home);
  const given: readonly (readonly [string, string | undefined, string])[] = [
    ['PostgreSQL', config.databaseUrl ?? running?.databaseUrl, 'DATABASE_URL'],
    ['Redis', config.redisUrl ?? running?.redisUrl, 'REDIS_URL'],
    ['Temporal', config.temporalAddress ?? running?.temporalAddress, 'TEMPORAL_ADDRESS'],
  ];
  return given.map(async ([what, address, setting]) => {
    if (!address) return { what, ok: true, found: 'embedded, started when needed', remedy: '' };
    const { hostname, port } = new URL(address.includes('://') ? address : `tcp://${address}`);
    const ok = await answers(Number(port) || (what === 'Redis' ? 6379 : 5432), hostname, 3_000);
    return {
      what,
      ok,
      found: `${hostname}:${port} ${ok ? 'answers' : 'does not answer'}`,
      remedy: ok ? '' : `Start it, or correct ${setting}.`,
    };
  });
}

/** The API, and what it says of the replicas that compute for it. */
async function api(config: Config): Promise<Finding[]> {
  const what = 'API';
  const url = config.url ?? runningInstallation(config.home)?.apiUrl;
  if (!url) return [{ what, ok: true, found: 'not running; `perennial up` starts it', remedy: '' }];
  try {
    const response = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(5_000) });
    const { status } = (await response.json()) as { status: string };
    const remedy = response.ok ? '' : `See ${url}/health/ready.`;
    return [{ what, ok: response.ok, found: `${url} ${status}`, remedy }, await serving(config, url)];
  } catch {
    return [{ what, ok: false, found: `${url} does not answer`, remedy: 'Start it, or correct PERENNIAL_URL.' }];
  }
}

async function serving(config: Config, url: string): Promise<Finding> {
  const what = 'Serving';
  try {
    const { replicas } = await new ApiClient(url, keyOf(config)).get<{ replicas: ShownReplica[] }>(
      '/v1/serving/replicas',
    );
    const alive = replicas.filter(({ isStale }) => !isStale);
    const found = alive.map(({ address, state }) => `${address} ${state}`).join('\n') || 'no replica runs';
    const ok = alive.some(({ state }) => state === 'ready');
    return {
      what,
      ok,
      found,
      remedy: ok ? '' : 'Start one: `node dist/workers/serving.js`; its log says what it waits for.',
    };
  } catch (error) {
    const found = error instanceof Error ? error.message : String(error);
    return { what, ok: false, found, remedy: 'Set PERENNIAL_API_KEY to a key of this installation.' };
  }
}
