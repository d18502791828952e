import { PerennialError } from '../contracts/errors.ts';
import { type ReplicaState, replicaHeader } from '../contracts/serving.ts';
import type { App } from './app-type.ts';
import { type BaseDependencies, baseApp } from './base-app.ts';
import type { AppDependencies } from './dependencies.ts';
import { rememberKeys } from './plugins/known-keys.ts';
import { healthRoutes } from './routes/health/index.ts';
import { predictRoutes } from './routes/predict/index.ts';
import { deeplRoutes } from './routes/translate/deepl.ts';
import { translateRoutes } from './routes/translate/index.ts';
import { libreRoutes } from './routes/translate/libre.ts';

export interface ServingDependencies
  extends BaseDependencies,
    Pick<AppDependencies, 'checks' | 'metrics' | 'graphs' | 'inference'> {
  readonly id: string;
  /** Signs calls to this replica. */
  readonly key: Uint8Array;
  /** Read with every request. */
  readonly state: () => ReplicaState;
}

/**
 * The app of a serving replica: inference, health and metrics, with the addresses and keys of the API. While it drains,
 * it refuses with 503 and `connection: close` what another process of ours calls, which then asks another replica; who
 * comes by a load balancer, which takes some seconds to see `/health/ready` change, is still answered.
 */
export async function buildServingApp(given: ServingDependencies): Promise<App> {
  const { id, key, state, clock, checks } = given;
  const deps = { ...given, keys: rememberKeys(given.keys, clock) };
  const app = await baseApp(deps, { key, clock });
  app.addHook('onRequest', async (request, reply) => {
    reply.header(replicaHeader, id);
    if (request.ownCallFor === null || state() === 'ready') return;
    reply.header('connection', 'close');
    throw new PerennialError('UNAVAILABLE', `This replica is ${state()}.`, { remedy: 'Ask another one.' });
  });
  const ready = async (): Promise<void> => {
    if (state() !== 'ready') throw new PerennialError('UNAVAILABLE', state());
  };
  healthRoutes(app, { ...deps, checks: { ...checks, replica: ready } });
  translateRoutes(app, deps);
  deeplRoutes(app, deps);
  libreRoutes(app, deps);
  predictRoutes(app, deps);
  await app.ready();
  return app;
}
