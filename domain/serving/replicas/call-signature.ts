import { createHmac, timingSafeEqual } from 'node:crypto';
import { PerennialError } from '../../../contracts/errors.ts';

/** What a signature is over. */
export interface SignedCall {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  /** Id of the key whose holder asked; '' for none. */
  readonly caller: string;
}

/** Longest that a signature holds, and clocks of machines may differ. */
const toleratedMs = 60_000;

/**
 * Value of the header `perennial-call`, by which a replica knows a call of one of our own processes:
 * `t=<milliseconds>,caller=<base64url>,v1=<hex>`, where v1 is HMAC-SHA256 over time, method, path and caller, a line each.
 */
export function signCall(key: Uint8Array, call: SignedCall, now: Date): string {
  const t = String(now.getTime());
  const caller = Buffer.from(call.caller).toString('base64url');
  return `t=${t},caller=${caller},v1=${signatureOf(key, call, t).toString('hex')}`;
}

/**
 * Checks the header in constant time.
 *
 * @returns the caller for whom the call was made, '' for none.
 * @throws SIGNATURE_INVALID when the key is another, or method or path are not those signed; SIGNATURE_STALE.
 */
export function checkCall(
  key: Uint8Array,
  { method, path }: Omit<SignedCall, 'caller'>,
  header: string,
  now: Date,
): string {
  const [, t = '', encoded = '', v1 = ''] =
    /^t=(\d{1,15}),caller=([\w-]{0,1000}),v1=([0-9a-f]{64})$/.exec(header) ?? [];
  const caller = Buffer.from(encoded, 'base64url').toString();
  const wanted = signatureOf(key, { method, path, caller }, t);
  const given = Buffer.from(v1, 'hex');
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) {
    throw new PerennialError(
      'SIGNATURE_INVALID',
      'The header perennial-call is not signed by the key of this replica.',
      {
        remedy: 'Send an API key instead; only the processes of this installation sign calls.',
      },
    );
  }
  if (Math.abs(now.getTime() - Number(t)) <= toleratedMs) return caller;
  throw new PerennialError('SIGNATURE_STALE', `The call was signed at ${new Date(Number(t)).toISOString()}.`, {
    remedy: 'Let the clocks of the machines differ by less than a minute.',
  });
}

function signatureOf(key: Uint8Array, { method, path, caller }: SignedCall, t: string): Buffer {
  return createHmac('sha256', key).update(`${t}\n${method}\n${path}\n${caller}`).digest();
}
