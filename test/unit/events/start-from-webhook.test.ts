import { expect, it } from 'vitest';
import type { CloudEvent } from '../../../contracts/events.ts';
import { startFromWebhook } from '../../../domain/events/start-from-webhook.ts';

it('an event that an expression works on without end is at fault, and holds up no other', async () => {
  const handle = startFromWebhook({
    sources: {
      get: async (id) => ({
        ...{
          id,
          scheme: 'perennial',
          eventType: null,
          toleranceSeconds: 300,
          enabled: true,
          createdAt: '',
          secrets: [],
        },
        starts: { pipeline: 'offers', params: { ok: "event.data.text.matches('^(a+)+$')" } },
      }),
    },
    starter: { start: () => Promise.reject(new Error('nothing is to start')) },
  });
  const event: CloudEvent = {
    ...{ specversion: '1.0', id: '1', source: '/webhooks/shop', type: 'x', time: '2026-03-01T12:00:00.000Z' },
    data: { text: `${'a'.repeat(40)}!` },
    extensions: { webhook: 'shop' },
  };
  await expect(handle(event)).rejects.toMatchObject({
    code: 'EXPRESSION_INVALID',
    message: expect.stringContaining('The parameter ok, '),
  });
  await expect(handle(event)).rejects.toThrow('it takes longer than 200 ms');
});
