import { createHmac } from 'node:crypto';
import { Agent, request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

export interface Webhook {
  readonly id: string;
  readonly body: string;
  readonly isValid: boolean;
  /** Headers, signed at the time of the call: each try is signed anew, as senders do. */
  headers(): Record<string, string>;
}

export interface Sent {
  readonly id: string;
  readonly isValid: boolean;
  readonly status: number;
  /** Of the try that was answered. */
  readonly ms: number;
  readonly tries: number;
}

/** Seconds by which stale timestamps are too old. */
const staleSeconds = 3600;

/**
 * Webhooks as the Standard Webhooks specification says, the same for the same count: 87 % new ones, 10 % duplicates of
 * an earlier one, 2 % with a signature of another secret, 1 % signed an hour ago.
 */
export function makeTraffic(count: number, secret: string): Webhook[] {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const other = Buffer.from('a secret that nobody gave us');
  const valid: Webhook[] = [];
  return Array.from({ length: count }, (_, i): Webhook => {
    const kind = (i * 37) % 100;
    const earlier = valid[(i * 7919) % Math.max(valid.length, 1)];
    if (kind < 10 && earlier) return earlier;
    const isBad = kind === 10 || kind === 11;
    const isStale = kind === 12;
    const id = `msg_${i}`;
    const body = JSON.stringify({ type: 'order.placed', data: { order: i, market: 'DE', lines: [i % 7, i % 11] } });
    const webhook: Webhook = {
      id,
      body,
      isValid: !isBad && !isStale,
      headers() {
        const at = String(Math.floor(Date.now() / 1000) - (isStale ? staleSeconds : 0));
        const signature = createHmac('sha256', isBad ? other : key)
          .update(`${id}.${at}.${body}`)
          .digest('base64');
        return {
          'content-type': 'application/json',
          'webhook-id': id,
          'webhook-timestamp': at,
          'webhook-signature': `v1,${signature}`,
        };
      },
    };
    if (webhook.isValid) valid.push(webhook);
    return webhook;
  });
}

/** Sends all, so many at a time; what is not answered, or by a 5xx, is sent again. `progress` is told how many are done. */
export async function sendAll(
  traffic: readonly Webhook[],
  { port, path, connections }: { port: number; path: string; connections: number },
  progress: (done: number) => void,
): Promise<Sent[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const sent: Sent[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let webhook = traffic[next++]; webhook; webhook = traffic[next++]) {
      for (let tries = 1; ; tries++) {
        const from = performance.now();
        const status = await post(agent, port, path, webhook);
        const ms = performance.now() - from;
        if (status !== null && status < 500) {
          sent.push({ id: webhook.id, isValid: webhook.isValid, status, ms, tries });
          break;
        }
        await delay(100);
      }
      progress(sent.length);
    }
  };
  await Promise.all(Array.from({ length: connections }, lane));
  agent.destroy();
  return sent;
}

/** The status of the answer; null without one. */
function post(agent: Agent, port: number, path: string, webhook: Webhook): Promise<number | null> {
  return new Promise((resolve) => {
    const headers = { ...webhook.headers(), 'content-length': String(Buffer.byteLength(webhook.body)) };
    const req = request({ agent, host: '127.0.0.1', port, path, method: 'POST', headers }, (response) => {
      response.once('error', () => resolve(null));
      response.once('end', () => resolve(response.statusCode ?? null));
      response.resume();
    });
    req.once('error', () => resolve(null));
    req.end(webhook.body);
  });
}
