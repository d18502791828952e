import { firstIndexHeader, requestHeader } from '../../../contracts/serving.ts';
import type { RoutedCall } from './router.ts';

/** For whom a call is made. */
export interface CallContext extends Pick<RoutedCall, 'signal' | 'caller'> {
  /** Names the request that it is made for. */
  readonly requestId?: string;
  /** Place that what is sent has in that request, where this is the rest of one. */
  readonly firstIndex?: number;
}

/** A call that posts JSON. */
export function jsonCall(
  path: string,
  body: unknown,
  { signal, caller, requestId, firstIndex }: CallContext = {},
): RoutedCall {
  return {
    method: 'POST',
    path,
    headers: {
      'content-type': 'application/json',
      ...(requestId === undefined ? {} : { [requestHeader]: requestId }),
      ...(firstIndex === undefined ? {} : { [firstIndexHeader]: String(firstIndex) }),
    },
    body: JSON.stringify(body),
    ...(signal === undefined ? {} : { signal }),
    ...(caller === undefined ? {} : { caller }),
  };
}
