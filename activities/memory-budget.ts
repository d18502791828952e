interface Waiting {
  readonly mib: number;
  readonly start: () => void;
}

/** Memory of a worker, shared by the attempts of steps that run in it and in its processes. */
export interface MemoryBudget {
  /**
   * Does `work` once `mib` MiB are free, and gives them back when it has ended. Who came first goes first: a large one is not
   * overtaken for ever by small ones. One that needs more than there is goes alone.
   *
   * @param waits called when it has to wait, with what is free (MiB).
   * @throws the reason of `signal` when it is aborted before it could begin.
   */
  hold<T>(
    mib: number,
    options: { readonly signal: AbortSignal; readonly waits: (freeMiB: number) => void },
    work: () => Promise<T>,
  ): Promise<T>;
}

/** @param limitMiB what there is, MiB; 0: nobody waits. */
export function memoryBudget(limitMiB: number): MemoryBudget {
  let held = 0;
  const queue: Waiting[] = [];
  const fits = (mib: number): boolean => held === 0 || held + mib <= limitMiB;
  const admit = (): void => {
    for (let next = queue[0]; next && fits(next.mib); next = queue[0]) {
      queue.shift();
      held += next.mib;
      next.start();
    }
  };
  const turn = (mib: number, signal: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      const abort = (): void => {
        queue.splice(queue.indexOf(waiting), 1);
        reject(signal.reason);
        // It may have been the one that the others waited behind.
        admit();
      };
      const waiting: Waiting = {
        mib,
        start() {
          signal.removeEventListener('abort', abort);
          resolve();
        },
      };
      signal.addEventListener('abort', abort, { once: true });
      queue.push(waiting);
    });

  return {
    async hold(mib, { signal, waits }, work) {
      if (limitMiB === 0 || mib === 0) return work();
      signal.throwIfAborted();
      if (queue.length === 0 && fits(mib)) held += mib;
      else {
        waits(Math.max(0, limitMiB - held));
        await turn(mib, signal);
      }
      try {
        return await work();
      } finally {
        held -= mib;
        admit();
      }
    },
  };
}
