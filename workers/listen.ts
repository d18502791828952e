import type { AddressInfo } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { FastifyInstance } from 'fastify';
import { PerennialError } from '../contracts/errors.ts';

/**
 * Lets an app listen.
 *
 * @param setting the one that says the port, for the remedy.
 * @returns the port, also where any free one was asked for by 0.
 * @throws UNAVAILABLE when the port is taken.
 */
export async function listenAt(
  app: Pick<FastifyInstance, 'listen' | 'server'>,
  { host, port }: { readonly host: string; readonly port: number },
  setting: string,
): Promise<number> {
  await app.listen({ host, port, backlog: 4096 }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EADDRINUSE') throw error;
    throw new PerennialError('UNAVAILABLE', `Port ${port} of ${host} is taken.`, {
      remedy: `Stop what listens there, or set ${setting}.`,
    });
  });
  return (app.server.address() as AddressInfo).port;
}

/** A URL by which other machines reach what listens on `host`: one that is every address of this machine is none to call. */
export function reachableUrl(host: string, port: number): string {
  const isEvery = ['0.0.0.0', '::', ''].includes(host);
  const outside = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .find(({ family, internal }) => family === 'IPv4' && !internal);
  const reachable = isEvery ? (outside?.address ?? '127.0.0.1') : host;
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`;
}
