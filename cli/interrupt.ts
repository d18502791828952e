/**
 * Does work that a signal of the operating system stops: its AbortSignal fires, so that it can clean up behind itself.
 *
 * @param reason of the abort; default: an AbortError.
 */
export async function interruptible<T>(
  signals: readonly NodeJS.Signals[],
  work: (signal: AbortSignal) => Promise<T>,
  reason?: Error,
): Promise<T> {
  const stop = new AbortController();
  const interrupt = (): void => stop.abort(reason);
  for (const name of signals) process.once(name, interrupt);
  try {
    return await work(stop.signal);
  } finally {
    for (const name of signals) process.off(name, interrupt);
  }
}
