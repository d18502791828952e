import type { FastifyReply, FastifyRequest } from 'fastify';
import { type RunStatus, terminalRunStatuses } from '../../../contracts/runs.ts';
import type { RunRepository } from '../../../domain/ports/runs.ts';

/** Proxies close connections that stay silent. */
const pingMs = 15_000;
const pageSize = 500;

/** Streams a run's events from the one after `after` until the run has ended, the client has gone, or one calls its entry of `streams`. */
export async function streamEvents(
  runs: RunRepository,
  runId: string,
  after: number,
  request: FastifyRequest,
  reply: FastifyReply,
  streams: Set<() => void>,
): Promise<void> {
  const { raw } = reply;
  let closed = false;
  let wake: () => void = () => {};
  let pending = true;
  const notify = (): void => {
    pending = true;
    wake();
  };
  const stop = (): void => {
    closed = true;
    notify();
  };
  request.raw.once('close', stop);
  // Watching before reading: an event between the two wakes us again. What fails until here is answered as a problem.
  const unwatch = await runs.watch(runId, notify);
  reply.hijack();
  streams.add(stop);
  raw.writeHead(200, {
    'content-type': 'text/event-stream',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
    // A connection kept for later would keep a server that stops waiting.
    connection: 'close',
  });
  const ping = setInterval(() => {
    raw.write(': ping\n\n');
    // A notification lost with a connection to PostgreSQL is made up for here.
    notify();
  }, pingMs);
  try {
    for (let ended = false; !closed; ) {
      if (!pending) {
        if (ended) break;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
        continue;
      }
      pending = false;
      const page = await runs.events(runId, after, pageSize);
      for (const { id, type, at, data } of page) {
        raw.write(`id: ${id}\nevent: ${type}\ndata: ${JSON.stringify({ at, ...(data as object) })}\n\n`);
        after = id;
        if (type === 'run') ended = terminalRunStatuses.has((data as { status: RunStatus }).status);
      }
      // There may be more: beyond the page, or written meanwhile by a transaction that was still open.
      if (page.length > 0) pending = true;
      else if (!ended) {
        ended = terminalRunStatuses.has((await runs.get(runId))?.status ?? 'failed');
        // Its last events may have been written between the two looks.
        if (ended) pending = true;
      }
    }
  } catch (error) {
    request.log.warn({ err: error }, 'event stream ended');
  } finally {
    clearInterval(ping);
    streams.delete(stop);
    await unwatch();
    raw.end();
  }
}
