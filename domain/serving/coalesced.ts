/** Work that many ask for, done once at a time. */
export interface Coalesced {
  /** Has it done; asked for while it goes on, once more afterwards, since what it saw may be old by then. Resolves when all is done. */
  ask(): Promise<void>;
  /** Resolves when nothing goes on. */
  idle(): Promise<void>;
}

/** @param work must not reject. */
export function coalesced(work: () => Promise<void>): Coalesced {
  let working: Promise<void> | null = null;
  let again = false;
  const untilDone = async (): Promise<void> => {
    do {
      again = false;
      await work();
    } while (again);
    // In the same turn as the last look at `again`: nobody who asks is overlooked.
    working = null;
  };
  return {
    ask() {
      again = true;
      working ??= untilDone();
      return working;
    },
    idle: async () => {
      await working;
    },
  };
}
