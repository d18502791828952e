import type { FastifyBaseLogger } from 'fastify';
import { type RunStatus, terminalRunStatuses } from '../../../contracts/runs.ts';
import type { RunRepository } from '../../../domain/ports/runs.ts';
import type { EventStream } from '../../plugins/event-stream.ts';

const pageSize = 500;

/**
 * Streams a run's events from the one after `after` until the run has ended or the stream is closed.
 *
 * @param open begins the answer; what fails before is answered as a problem.
 */
export async function streamEvents(
  runs: RunRepository,
  { runId, after: given, log }: { readonly runId: string; readonly after: number; readonly log: FastifyBaseLogger },
  open: () => EventStream,
): Promise<void> {
  let after = given;
  let wake: () => void = () => {};
  let pending = true;
  const notify = (): void => {
    pending = true;
    wake();
  };
  // Watching before reading: an event between the two wakes us again.
  const unwatch = await runs.watch(runId, notify);
  const stream = open();
  stream.onClose(notify);
  // A notification lost with a connection to PostgreSQL is made up for here.
  stream.onPing(notify);
  try {
    for (let ended = false; !stream.closed; ) {
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
        stream.send({ id, type, data: { at, ...(data as object) } });
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
    log.warn({ err: error }, 'event stream ended');
  } finally {
    await unwatch();
    stream.end();
  }
}
