import { setTimeout as delay } from 'node:timers/promises';
import { PerennialError } from '../contracts/errors.ts';

/**
 * Repeats a call while a server we need does not answer (UNAVAILABLE), so that an outage costs time and not an attempt.
 * Waits 100 ms, doubling to 3 s, for as long as the attempt may run; `signal` ends the waiting.
 */
export async function untilAvailable<T>(call: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  for (let wait = 100; ; wait = Math.min(wait * 2, 3_000)) {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof PerennialError && error.code === 'UNAVAILABLE') || signal?.aborted) throw error;
      await delay(wait, undefined, signal ? { signal } : {});
    }
  }
}

/** A port whose methods all go through {@link untilAvailable}. For ports whose calls are safe to repeat. */
export function resilient<Port extends object>(port: Port): Port {
  return new Proxy(port, {
    get(target, property) {
      const member: unknown = Reflect.get(target, property, target);
      if (typeof member !== 'function') return member;
      return (...args: unknown[]) => untilAvailable(async () => (await Reflect.apply(member, target, args)) as unknown);
    },
  });
}
