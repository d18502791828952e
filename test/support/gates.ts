import type { StepContext } from '../../domain/ports/step-context.ts';

/** Lets a test hold steps and see them arrive. Keys are the test's own. */
export interface Gates {
  /** For the step: tells it has arrived and waits until it is opened; rejects when the step is aborted. */
  pass(key: string, context: Pick<StepContext<never>, 'signal'>): Promise<void>;
  /** For the test: resolves when a step has arrived. */
  arrived(key: string): Promise<void>;
  open(key: string): void;
}

export function createGates(): Gates {
  const gates = new Map<
    string,
    { arrive: () => void; arrived: Promise<void>; open: () => void; opened: Promise<void> }
  >();
  const gate = (key: string) => {
    const known = gates.get(key);
    if (known) return known;
    const arrival = withResolvers();
    const opening = withResolvers();
    const made = { arrive: arrival.resolve, arrived: arrival.promise, open: opening.resolve, opened: opening.promise };
    gates.set(key, made);
    return made;
  };
  return {
    async pass(key, { signal }) {
      const { arrive, opened } = gate(key);
      arrive();
      const aborted = withResolvers();
      const abort = (): void => aborted.reject(signal.reason);
      signal.addEventListener('abort', abort, { once: true });
      if (signal.aborted) abort();
      await Promise.race([opened, aborted.promise]);
      signal.removeEventListener('abort', abort);
    },
    arrived: (key) => gate(key).arrived,
    open: (key) => gate(key).open(),
  };
}

function withResolvers(): { promise: Promise<void>; resolve: () => void; reject: (reason: unknown) => void } {
  let resolve: () => void = () => {};
  let reject: (reason: unknown) => void = () => {};
  const promise = new Promise<void>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  promise.catch(() => undefined);
  return { promise, resolve, reject };
}
