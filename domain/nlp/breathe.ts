import { setImmediate } from 'node:timers/promises';
import { PerennialError } from '../../contracts/errors.ts';

/** Throws CANCELLED when `signal` has fired. */
export function stopIfAborted(signal: AbortSignal | undefined): void {
  if (!signal?.aborted) return;
  const { reason } = signal as { reason: unknown };
  throw reason instanceof PerennialError
    ? reason
    : new PerennialError('CANCELLED', 'The work was cancelled before it ended', {
        remedy: 'Start it again; training goes on from its last checkpoint.',
        cause: reason,
      });
}

/** Lets timers and messages run between two pieces of computing, so that an abort can arrive; then checks it. */
export async function breathe(signal: AbortSignal | undefined): Promise<void> {
  await setImmediate();
  stopIfAborted(signal);
}
