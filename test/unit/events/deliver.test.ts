import { describe, expect, it } from 'vitest';
import { PerennialError } from '../../../contracts/errors.ts';
import type { EventRecord } from '../../../contracts/events.ts';
import { createDelivery } from '../../../domain/events/deliver.ts';

const event: EventRecord = {
  ...{ specversion: '1.0', id: '1', source: '/shop', type: 'placed', time: '2026-03-01T12:00:00.000Z', sequence: 1 },
  ...{ receivedAt: '2026-03-01T12:00:00.000Z', queuedAt: null, processedAt: null, failedAt: null, error: null },
  attempts: 1,
};
const final = new PerennialError('PARAMETER_INVALID', 'lines = 500 is too many');
const away = new PerennialError('UNAVAILABLE', 'PostgreSQL does not answer.');

/** What a delivery to handlers that throw these (null: nothing) says to the ledger. */
async function told(throws: readonly (Error | null)[], attempts = 1): Promise<string[]> {
  const said: string[] = [];
  const deliver = createDelivery({
    ledger: {
      begin: async () => ({ ...event, attempts }),
      processed: async () => void said.push('processed'),
      failed: async (_sequence, error, counts) => void said.push(`failed ${error.code}${counts ? ', counts' : ''}`),
      bury: async (_sequence, error) => void said.push(`bury ${error.code}`),
    },
    handlers: throws.map((error, n) => async () => {
      said.push(`handler ${n}`);
      if (error) throw error;
    }),
  });
  await deliver(1).catch(() => said.push('again'));
  return said;
}

describe('an event', () => {
  it('is given to every handler, also after one that cannot work on it', async () => {
    expect(await told([null, null])).toEqual(['handler 0', 'handler 1', 'processed']);
    expect(await told([final, null])).toEqual(['handler 0', 'handler 1', 'bury PARAMETER_INVALID']);
  });

  it('is not given up while another handler waits for a server or may yet succeed', async () => {
    expect(await told([final, away], 8)).toEqual(['handler 0', 'handler 1', 'failed UNAVAILABLE', 'again']);
    expect(await told([final, new Error('no')])).toEqual([
      'handler 0',
      'handler 1',
      'failed INTERNAL, counts',
      'again',
    ]);
    expect(await told([final, new Error('no')], 8)).toEqual(['handler 0', 'handler 1', 'bury INTERNAL']);
  });
});
