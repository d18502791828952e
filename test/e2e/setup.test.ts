import { execFile } from 'node:child_process';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { environmentWith } from '../../config/index.ts';
import { startInstallation } from '../support/installation.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

function node(script: string, env: Readonly<Record<string, string>>): Promise<{ code: number; stderr: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [script], { cwd: root, env: environmentWith(env) }, (error, _stdout, stderr) =>
      resolve({ code: Number(error?.code ?? 0), stderr }),
    );
  });
}

it.each(['TEMPORAL_CLI', 'REDIS_SERVER'])('set-up says when %s leads nowhere', async (name) => {
  const { code, stderr } = await node('setup/start.mjs', { [name]: '/nowhere/at/all' });
  expect(code).toBe(1);
  expect(stderr).toContain(`${name}=/nowhere/at/all does not exist`);
  expect(stderr).toContain(`Correct or unset ${name}`);
});

it('a process says every fault of its settings, and what to do', async () => {
  const { code, stderr } = await node('dist/workers/cpu.js', { PERENNIAL_PORT: 'http', DATABASE_URL: 'mysql://x' });
  expect(code).toBe(1);
  expect(stderr).toContain('PERENNIAL_PORT=http');
  expect(stderr).toContain('DATABASE_URL');
  expect(stderr).toContain('What to do');
  expect(stderr).not.toMatch(/\n\s+at /);
});

it('the API says when its port is taken', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as { port: number };
  const there = await startInstallation();
  const { DATABASE_URL = '', REDIS_URL = '', TEMPORAL_ADDRESS = '' } = there.env;
  const { code, stderr } = await node('dist/api/server.js', {
    DATABASE_URL,
    REDIS_URL,
    TEMPORAL_ADDRESS,
    PERENNIAL_HOME: there.home,
    PERENNIAL_PORT: String(port),
  });
  expect(code).toBe(1);
  expect(stderr).toContain(`Port ${port} of 127.0.0.1 is taken`);
  await there.close();
  server.close();
});
