import { createHmac } from 'node:crypto';
import { performance } from 'node:perf_hooks';

/** Waits for the first step of runs that are started one after the other. */
export interface StepClock {
  /** Called by the step. */
  began(tag: string): void;
  /** Milliseconds from calling `trigger` until the step of that tag began. */
  time(tag: string, trigger: () => Promise<unknown>): Promise<number>;
}

export function stepClock(): StepClock {
  const waiting = new Map<string, (at: number) => void>();
  return {
    began: (tag) => waiting.get(tag)?.(performance.now()),
    async time(tag, trigger) {
      const began = new Promise<number>((resolve) => waiting.set(tag, resolve));
      const from = performance.now();
      await trigger();
      const at = await began;
      waiting.delete(tag);
      return at - from;
    },
  };
}

/** Sends a webhook of the scheme `perennial`. */
export async function sendWebhook(url: string, secret: string, data: object): Promise<void> {
  const body = JSON.stringify(data);
  const at = String(Math.floor(Date.now() / 1000));
  const signature = createHmac('sha256', secret).update(`${at}.${body}`).digest('hex');
  const headers = {
    'content-type': 'application/json',
    'perennial-timestamp': at,
    'perennial-signature': `v1=${signature}`,
  };
  const response = await fetch(url, { method: 'POST', body, headers });
  if (response.status !== 202) throw new Error(`${response.status}: ${await response.text()}`);
}
