import { spawn } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { SetupError } from './console.mjs';

/**
 * Runs a program and resolves to what it printed. Its output is shown only when it fails.
 *
 * @param options.remedy what the reader can do when it fails.
 * @param options.timeoutMs default: none.
 */
export function exec(command, args, { remedy, timeoutMs, ...options } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], timeout: timeoutMs, ...options });
    let output = '';
    const take = (data) => {
      output += data;
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    child.once('error', (error) =>
      reject(new SetupError(`"${command}" could not be started: ${error.message}.`, remedy ?? `Install ${command}.`)),
    );
    child.once('close', (code, signal) => {
      if (code === 0) resolve(output);
      else {
        const lines = output.trim().split('\n');
        const shown = lines.length > 60 ? [...lines.slice(0, 20), '…', ...lines.slice(-40)] : lines;
        const offline = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|Temporary failure in name resolution|dial tcp/.test(output);
        reject(
          new SetupError(
            `"${command} ${args.join(' ')}" failed (${signal ?? `exit code ${code}`}).\n    ${shown.join('\n    ')}`,
            offline
              ? 'There seems to be no network. Connect, or set the proxy of your package registries, and start again.'
              : (remedy ?? 'See its output above.'),
          ),
        );
      }
    });
  });
}

/** Full path of a program on the PATH, or null. */
export function which(name) {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const path = join(folder, name);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // Not here; look on.
    }
  }
  return null;
}

/** The program an environment variable names; a name that leads nowhere is an error, not ignored. */
export function fromEnvironment(variable) {
  const path = process.env[variable];
  if (!path) return null;
  if (!existsSync(path)) throw new SetupError(`${variable}=${path} does not exist.`, `Correct or unset ${variable}.`);
  return path;
}
