import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { SetupError, step } from './console.mjs';
import { tools } from './paths.mjs';
import { exec, fromEnvironment, which } from './process.mjs';

const folder = join(tools, 'redis');
const unpacked = join(folder, 'usr', 'bin', 'redis-server');

/** Where a Redis server is already, or null. */
export function locateRedis() {
  return fromEnvironment('REDIS_SERVER') ?? which('redis-server') ?? (existsSync(unpacked) ? unpacked : null);
}

/** Path of a Redis server: REDIS_SERVER, the PATH, else Debian's package, unpacked without root. */
export async function findRedis() {
  const found = locateRedis();
  if (found) return found;
  if (!which('apt-get')) {
    throw new SetupError(
      'A Redis server is missing.',
      'Install Redis 7 (for example `brew install redis`), or let REDIS_SERVER name it.',
    );
  }
  await step('Redis: Debian package', (say) =>
    process.getuid?.() === 0 ? installWithApt(say) : unpackDebs(folder, say),
  );
  const installed = which('redis-server') ?? (existsSync(unpacked) ? unpacked : null);
  if (!installed)
    throw new SetupError(
      'Redis was installed but redis-server is not there.',
      'Install Redis 7 by hand, or let REDIS_SERVER name it.',
    );
  return installed;
}

const remedy = 'Install Redis 7 by hand (`apt-get install redis-server`), or let REDIS_SERVER name it.';

async function installWithApt(say) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await exec('apt-get', ['update'], { env, remedy });
  // The package would start a server of its own; policy-rc.d is not ours to set, so only the binaries are taken.
  await exec('apt-get', ['install', '-y', '--no-install-recommends', 'redis-server'], {
    env: { ...env, RUNLEVEL: '1' },
    remedy,
  });
  say('apt-get');
}

async function unpackDebs(folder, say) {
  const debs = join(folder, 'debs');
  mkdirSync(debs, { recursive: true });
  const needs = [
    'redis-tools',
    'redis-server',
    'libjemalloc2',
    'liblzf1',
    'liblua5.1-0',
    'lua-cjson',
    'lua-bitop',
    'libatomic1',
  ];
  await exec('apt-get', ['download', ...needs], { cwd: debs, remedy });
  for (const name of readdirSync(debs)) await exec('dpkg', ['-x', join(debs, name), folder], { remedy });
  rmSync(debs, { recursive: true });
  say('unpacked without root');
}
