import { type UseQueryResult, useQuery } from '@tanstack/react-query';
import type { Role, SignedIn } from '../../contracts/keys.ts';
import { get, post, remove } from '../http/client.ts';
import { queryClient } from '../http/query-client.ts';

/** Who is signed in; null: nobody. */
export function useSession(): UseQueryResult<SignedIn | null> {
  return useQuery({
    queryKey: ['session'],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async ({ signal }) => (await get<SignedIn | undefined>('/v1/session', undefined, signal)) ?? null,
  });
}

const ranks: Readonly<Record<Role, number>> = { viewer: 0, operator: 1, admin: 2 };

/** Whether who is signed in may do what needs a role. */
export function useMay(role: Role): boolean {
  const { data } = useSession();
  return data ? ranks[data.role] >= ranks[role] : false;
}

export async function signIn(key: string): Promise<void> {
  change(await post<SignedIn>('/v1/session', { key }));
}

export async function signOut(): Promise<void> {
  await remove('/v1/session');
  change(null);
}

/** What another person was shown is not kept. */
function change(session: SignedIn | null): void {
  queryClient.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'session' });
  queryClient.setQueryData(['session'], session);
}
