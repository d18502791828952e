import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { PerennialError } from '../contracts/errors.ts';

export interface MetricsServer {
  readonly port: number;
  close(): Promise<void>;
}

/** A registry with the metrics of the process itself. */
export function processRegistry(): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  return registry;
}

/**
 * Shows the metrics of a process that answers no other requests, at `/metrics`; port 0: nothing is shown, null.
 *
 * @param more text of other sources, such as Temporal's SDK; one that does not answer is left out.
 * @throws UNAVAILABLE when the port is taken.
 */
export async function serveMetrics(
  { host, metricsPort: port }: { readonly host: string; readonly metricsPort: number },
  registry: Registry,
  more: () => Promise<string> = () => Promise.resolve(''),
): Promise<MetricsServer | null> {
  if (port === 0) return null;
  const server = createServer((request, response) => {
    if (request.method !== 'GET' || request.url?.split('?')[0] !== '/metrics') {
      response.writeHead(404).end();
      return;
    }
    void Promise.all([registry.metrics(), more().catch(() => '')]).then(
      (texts) => response.writeHead(200, { 'content-type': registry.contentType }).end(texts.join('')),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => resolve());
  }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EADDRINUSE') throw error;
    throw new PerennialError('UNAVAILABLE', `Port ${port} of ${host} is taken.`, {
      remedy: 'Stop what listens there, or set PERENNIAL_METRICS_PORT.',
    });
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
