import { describe, expect, it } from 'vitest';
import { formatTraceparent, parseTraceparent, workflowSpan } from '../../../contracts/tracing.ts';
import { activeTraceparent, startSpan, traced } from '../../../telemetry/tracing.ts';

const traceId = '0af7651916cd43dd8448eb211c80319c';
const spanId = 'b7ad6b7169203331';

describe('traceparent', () => {
  it('is read as it was written', () => {
    for (const sampled of [true, false]) {
      const parent = { traceId, spanId, sampled };
      expect(parseTraceparent(formatTraceparent(parent))).toEqual(parent);
    }
  });

  it.each([
    undefined,
    42,
    '',
    `00-${'0'.repeat(32)}-${spanId}-01`,
    `00-${traceId}-${'0'.repeat(16)}-01`,
    `ff-${traceId}-${spanId}-01`,
    `00-${traceId.toUpperCase()}-${spanId}-01`,
    `00-${traceId}-${spanId}`,
  ])('%s is none', (text) => expect(parseTraceparent(text)).toBeUndefined());

  it('of a later version is read up to what is known', () => {
    expect(parseTraceparent(`01-${traceId}-${spanId}-01-more`)).toEqual({ traceId, spanId, sampled: true });
  });

  it('of a workflow is the same whenever it is asked for, and another one for each run of it', () => {
    const parent = { traceId, spanId, sampled: true };
    const one = workflowSpan(parent, '0192f0c1-9d6e-7c3a-8a54-3b1f6f0e8d21');
    expect(one).toEqual({ traceId, spanId: '8a543b1f6f0e8d21', sampled: true });
    expect(workflowSpan(parent, '0192f0c1-9d6e-7c3a-8a54-3b1f6f0e8d22').spanId).not.toBe(one.spanId);
  });
});

describe('without a collector', () => {
  it('work is done and no span is there', async () => {
    expect(startSpan('x')).toBeUndefined();
    await traced('x', {}, (span) => {
      expect([span, activeTraceparent()]).toEqual([undefined, undefined]);
      return Promise.resolve();
    });
    await expect(traced('x', {}, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  });
});
