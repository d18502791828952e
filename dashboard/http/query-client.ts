import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { ApiError } from './client.ts';

/** Whether the session of who was signed in has ended. */
export const endedKey = ['session-ended'] as const;

/**
 * What was asked for, by keys whose first part is a topic of `GET /v1/changes`: a change of the topic asks again for all
 * that is on the page. Faults of the caller are not tried again; others are, twice.
 */
export const queryClient: QueryClient = new QueryClient({
  queryCache: new QueryCache({ onError: signedOut }),
  mutationCache: new MutationCache({ onError: signedOut }),
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      // What fails is said within two seconds.
      retryDelay: (failures) => 400 * 2 ** failures,
      retry: (failures, error) =>
        failures < 2 && !(error instanceof ApiError && error.status >= 400 && error.status < 500),
    },
  },
});

/** A session that has ended brings the page to sign in, which says so. */
function signedOut(error: Error): void {
  if (!(error instanceof ApiError) || error.status !== 401) return;
  if (queryClient.getQueryData(['session'])) queryClient.setQueryData(endedKey, true);
  queryClient.setQueryData(['session'], null);
}
