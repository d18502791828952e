/** What a role does again and again; the next round begins only after the last has ended. */
export interface Sweep {
  readonly everyMs: number;
  readonly work: () => Promise<unknown>;
  /** Told what could not be done; the next round tries again. */
  readonly failed: (error: unknown) => void;
}

/** Starts the rounds; several processes may do so side by side. `stop` lets the one under way end. */
export function startSweep({ everyMs, work, failed }: Sweep): { stop(): Promise<void> } {
  let sweeping: Promise<unknown> | undefined;
  const timer = setInterval(() => {
    sweeping ??= work()
      .catch(failed)
      .finally(() => {
        sweeping = undefined;
      });
  }, everyMs);
  return {
    async stop() {
      clearInterval(timer);
      await sweeping;
    },
  };
}
