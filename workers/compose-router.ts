import { ReplicaRouter, type ReplicaRouterOptions } from '../domain/serving/replicas/index.ts';
import type { Database } from '../storage/postgres/index.ts';
import { replicaTransport } from '../storage/serving/transport.ts';

/** The router to the replicas that announce themselves in the database, with their list read. */
export async function composeRouter(
  { replicas }: Pick<Database, 'replicas'>,
  told: Pick<ReplicaRouterOptions, 'onFailure' | 'onCall'> = {},
): Promise<ReplicaRouter> {
  const router = new ReplicaRouter({
    registry: replicas,
    transport: replicaTransport(),
    clock: { now: () => new Date() },
    ...told,
  });
  await router.open();
  return router;
}
