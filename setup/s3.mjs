import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { step } from './console.mjs';
import { tools } from './paths.mjs';
import { exec, fromEnvironment, which } from './process.mjs';

const built = join(tools, 'bin', 'versitygw');
const version = 'v1.8.0';

/**
 * Path of an S3 server for tests (https://github.com/versity/versitygw): S3_SERVER, the PATH, else built with Go; null
 * without Go, and the tests of object stores are skipped.
 */
export async function findS3Server() {
  const found = fromEnvironment('S3_SERVER') ?? which('versitygw') ?? (existsSync(built) ? built : null);
  if (found) return found;
  const go = which('go');
  if (!go) {
    console.log('  S3 server: neither versitygw nor Go is there; the tests of object stores are skipped');
    return null;
  }
  await step('S3 server for tests: building it with Go, about 2 minutes', () => {
    mkdirSync(join(tools, 'bin'), { recursive: true });
    return exec(go, ['install', `github.com/versity/versitygw/cmd/versitygw@${version}`], {
      env: { ...process.env, GOBIN: join(tools, 'bin') },
      remedy: 'Check the network and GOPROXY, or install versitygw by hand and let S3_SERVER name it.',
    });
  });
  return built;
}
