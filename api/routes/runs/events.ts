import type { FastifyReply, FastifyRequest } from 'fastify';
import { type RunStatus, terminalRunStatuses } from '../../../contracts/runs.ts';
import type { RunRepository } from '../../../domain/ports/runs.ts';

/** Proxies close connections that stay silent. */
const pingMs = 15_000;
const pageSize = 500;

/** Streams a run's events from the one after `after` until the run has ended or the client has gone. */
export async function streamEvents(
  runs: RunRepository,
  runId: string,
  after: number,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  reply.hijack();
  const { raw } = reply;
  let closed = false;
  let wake: () => void = () => {};
  let pending = true;
  const notify = (): void => {
    pending = true;
    wake();
  };
  request.raw.once('close', () => {
    closed = true;
    notify();
  });
  // Watching before reading: an event between the two wakes us again.
  const unwatch = await runs.watch(runId, notify);
  raw.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' });
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
      if (page.length === pageSize) pending = true;
      else if (!ended && page.length === 0)
        ended = terminalRunStatuses.has((await runs.get(runId))?.status ?? 'failed');
    }
  } catch (error) {
    request.log.warn({ err: error }, 'event stream ended');
  } finally {
    clearInterval(ping);
    await unwatch();
    raw.end();
  }
}
