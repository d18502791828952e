import type { FastifyReply } from 'fastify';
import type { App } from '../app-type.ts';

/** Proxies close connections that stay silent. */
const pingMs = 15_000;
/** After which a client of a broken stream comes back, milliseconds. */
const comebackMs = 2_000;

/** An answer that is server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html). */
export interface EventStream {
  /** Whether the client has gone, or the server closes. */
  readonly closed: boolean;
  /** Writes an event. @param event.id what the client sends as last-event-id when it comes back. */
  send(event: { readonly type: string; readonly data: unknown; readonly id?: number }): void;
  /** Calls `work` when the stream is closed; at once when it is. */
  onClose(work: () => void): void;
  /** Calls `work` with each ping. */
  onPing(work: () => void): void;
  /** Ends the answer. */
  end(): void;
}

/** Opens streams of events that end when the server closes. */
export function eventStreams(app: App): (reply: FastifyReply) => EventStream {
  const open = new Set<() => void>();
  // Closing waits for open answers; a client comes back by itself.
  app.addHook('preClose', async () => {
    for (const close of open) close();
  });
  return (reply) => {
    const { raw } = reply;
    const closing: (() => void)[] = [];
    const pinging: (() => void)[] = [];
    let closed = raw.destroyed;
    const close = (): void => {
      if (closed) return;
      closed = true;
      for (const work of closing) work();
    };
    open.add(close);
    raw.once('close', close);
    reply.hijack();
    raw.writeHead(200, {
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
      // A connection kept for later would keep a server that stops waiting.
      connection: 'close',
    });
    raw.write(`retry: ${comebackMs}\n\n`);
    const ping = setInterval(() => {
      raw.write(': ping\n\n');
      for (const work of pinging) work();
    }, pingMs);
    return {
      get closed() {
        return closed;
      },
      send({ type, data, id }) {
        raw.write(`${id === undefined ? '' : `id: ${id}\n`}event: ${type}\ndata: ${JSON.stringify(data)}\n\n`);
      },
      onClose(work) {
        if (closed) work();
        else closing.push(work);
      },
      onPing: (work) => void pinging.push(work),
      end() {
        clearInterval(ping);
        open.delete(close);
        raw.end();
      },
    };
  };
}
