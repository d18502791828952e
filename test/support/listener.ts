import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

export interface ReceivedRequest {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly receivedAt: number;
}

/** Somebody else's server that takes what is posted to it. */
export interface Listener {
  readonly url: string;
  readonly requests: readonly ReceivedRequest[];
  /** The first request, there already or to come, that fits. */
  next(fits: (request: ReceivedRequest) => boolean): Promise<ReceivedRequest>;
  /** Status of the next answers at a path, in order; then 204 again. */
  answer(path: string, ...statuses: readonly number[]): void;
  close(): Promise<void>;
}

/** A real HTTP server on a free port. */
export async function openListener(): Promise<Listener> {
  const requests: ReceivedRequest[] = [];
  const statuses = new Map<string, number[]>();
  const waiting = new Set<() => void>();
  const server = createServer((request, response) => {
    void buffer(request).then((body) => {
      const headers = request.headers as Record<string, string>;
      requests.push({ path: request.url ?? '', headers, body: body.toString(), receivedAt: Date.now() });
      const status = statuses.get(request.url ?? '')?.shift() ?? 204;
      response.writeHead(status).end(status >= 400 ? `no: ${status}` : undefined);
      for (const look of waiting) look();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    next: (fits) =>
      new Promise((resolve) => {
        const look = (): void => {
          const found = requests.find(fits);
          if (!found) return;
          waiting.delete(look);
          resolve(found);
        };
        waiting.add(look);
        look();
      }),
    answer: (path, ...given) => void statuses.set(path, [...given]),
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
