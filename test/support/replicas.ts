import type { AppDependencies } from '../../api/dependencies.ts';
import { buildServingApp } from '../../api/serving-app.ts';
import { translationGraph } from '../../contracts/serving.ts';
import { Announcement, newReplica } from '../../domain/serving/replicas/index.ts';
import type { Database } from '../../storage/postgres/index.ts';

export interface TestReplica {
  readonly id: string;
  readonly address: string;
  readonly announcement: Announcement;
  /** Breaks its connections and closes its port, and tells nobody. */
  die(): Promise<void>;
  close(): Promise<void>;
}

/** A serving replica within this process, listening and announced as ready; it beats only when told to. */
export async function startReplica(
  database: Database,
  translation: AppDependencies['translation'],
  deps: Partial<Pick<AppDependencies, 'redis' | 'metrics' | 'graphs' | 'inference'>> = {},
): Promise<TestReplica> {
  const { id, key } = newReplica();
  const { graphs = new Map() } = deps;
  let announcement: Announcement | undefined;
  const app = await buildServingApp({
    ...database,
    graphs,
    inference: { predict: () => Promise.reject(new Error('no graph is served here')) },
    ...deps,
    id,
    key,
    state: () => announcement?.state ?? 'starting',
    translation,
    clock: { now: () => new Date() },
    checks: {},
    bodyLimit: 131_072,
    rateLimit: 10_000,
    logLevel: 'silent',
  });
  const address = await app.listen({ port: 0, host: '127.0.0.1' });
  const startedAt = new Date().toISOString();
  announcement = new Announcement({
    registry: database.replicas,
    id,
    key,
    address,
    graphs: [translationGraph, ...graphs.keys()],
    startedAt,
  });
  await announcement.open();
  await announcement.become('ready');
  const die = async (): Promise<void> => {
    app.server.closeAllConnections();
    await app.close();
  };
  return {
    id,
    address,
    announcement,
    die,
    async close() {
      await announcement.close();
      await die();
    },
  };
}
