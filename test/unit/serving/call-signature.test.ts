import { expect, it } from 'vitest';
import { signCall } from '../../../domain/serving/replicas/call-signature.ts';
import { checkCall } from '../../../domain/serving/replicas/index.ts';

const key = new Uint8Array(32).fill(7);
const call = { method: 'POST', path: '/v1/translate' };
const now = new Date('2026-11-26T12:00:00Z');

it('carries whatever names a caller, also a long affinity key that is not ASCII', () => {
  for (const caller of ['', '7f1e/user 1', '::1/a,b=c', `7f1e0c52-0d3b-4b8e-9a53-2a2f3f1c9d10/${'é'.repeat(200)}`]) {
    const header = signCall(key, { ...call, caller }, now);
    expect(header).toMatch(/^[\x20-\x7e]+$/);
    expect(checkCall(key, call, header, now)).toBe(caller);
  }
});

it('refuses another caller than was signed for, and a call from long ago', () => {
  const header = signCall(key, { ...call, caller: 'anna' }, now);
  const forged = header.replace(/caller=[^,]*/, `caller=${Buffer.from('otto').toString('base64url')}`);
  expect(() => checkCall(key, call, forged, now)).toThrow(expect.objectContaining({ code: 'SIGNATURE_INVALID' }));
  const later = new Date(now.getTime() + 61_000);
  expect(() => checkCall(key, call, header, later)).toThrow(expect.objectContaining({ code: 'SIGNATURE_STALE' }));
});
