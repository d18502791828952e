import { requestHeader } from '../../../contracts/serving.ts';
import type { RoutedCall } from './router.ts';

/** For whom a call is made. */
export interface CallContext extends Pick<RoutedCall, 'signal' | 'caller'> {
  /** Names the request that it is made for. */
  readonly requestId?: string;
}

/** A call that posts JSON. */
export function jsonCall(path: string, body: unknown, { signal, caller, requestId }: CallContext = {}): RoutedCall {
  return {
    method: 'POST',
    path,
    headers: {
      'content-type': 'application/json',
      ...(requestId === undefined ? {} : { [requestHeader]: requestId }),
    },
    body: JSON.stringify(body),
    ...(signal === undefined ? {} : { signal }),
    ...(caller === undefined ? {} : { caller }),
  };
}
