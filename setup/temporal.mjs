import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { SetupError, step } from './console.mjs';
import { tools } from './paths.mjs';
import { exec, fromEnvironment, which } from './process.mjs';

const built = join(tools, 'bin', 'temporal');

/** Where the Temporal CLI is already, or null. */
export function locateTemporal() {
  return fromEnvironment('TEMPORAL_CLI') ?? which('temporal') ?? (existsSync(built) ? built : null);
}

/** Later versions cannot be built by `go install`: their go.mod replaces modules. */
const version = 'v1.5.1';

/** Path of the Temporal CLI, whose development server embedded mode runs: TEMPORAL_CLI, the PATH, else built with Go. */
export async function findTemporal() {
  const found = locateTemporal();
  if (found) return found;
  const go = which('go');
  if (!go) {
    throw new SetupError(
      'The Temporal CLI is missing, and so is Go to build it with.',
      'Install the CLI (https://docs.temporal.io/cli), or Go 1.24 or later; or let TEMPORAL_CLI name it.',
    );
  }
  await step('Temporal: building the server with Go, about 3 minutes', () => {
    mkdirSync(join(tools, 'bin'), { recursive: true });
    return exec(go, ['install', `github.com/temporalio/cli/cmd/temporal@${version}`], {
      env: { ...process.env, GOBIN: join(tools, 'bin'), GOFLAGS: '-mod=mod' },
      remedy: 'Check the network and GOPROXY, or install the Temporal CLI by hand and let TEMPORAL_CLI name it.',
    });
  });
  return built;
}
