import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fail } from './console.mjs';
import { setUp } from './index.mjs';
import { root } from './paths.mjs';

try {
  const tools = await setUp();
  const child = spawn(process.execPath, [join(root, 'bin', 'perennial.mjs'), 'up', ...process.argv.slice(2)], {
    stdio: 'inherit',
    env: { ...process.env, ...tools },
  });
  // A terminal sends the signal to both; waiting for the child lets it stop its servers.
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  child.once('exit', (code, signal) => process.exit(code ?? (signal ? 130 : 1)));
} catch (error) {
  fail(error);
}
