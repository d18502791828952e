import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { PerennialError } from '../../contracts/errors.ts';

const localhost = '127.0.0.1';

/** Below those that systems give to outgoing connections, which would take one between the question and the start. */
const ports = { from: 15_000, to: 32_000 };
/** Asked for by this process; two starts at a time must not get the same. */
const given = new Set<number>();

/** A free port: `preferred` when nobody has it. UNAVAILABLE when none is found. */
export async function freePort(preferred?: number): Promise<number> {
  if (preferred && (await isFree(preferred))) return preferred;
  for (let tries = 0; tries < 100; tries++) {
    const port = randomInt(ports.from, ports.to);
    if (given.has(port) || !(await isFree(port))) continue;
    given.add(port);
    return port;
  }
  throw new PerennialError('UNAVAILABLE', `No port from ${ports.from} to ${ports.to} is free on ${localhost}.`, {
    remedy: 'Close programs that hold many ports.',
  });
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, localhost, () => server.close(() => resolve(true)));
  });
}
