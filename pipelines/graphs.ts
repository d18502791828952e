import type { AnyServedGraph } from '../domain/serving/graph/index.ts';
import { offersResponse } from './offers/serve.ts';

/** Every inference graph that serving replicas answer beside translation. A new one is a `serve.ts` in a pipeline's folder and a name in this list. */
export const graphs: ReadonlyMap<string, AnyServedGraph> = new Map(
  [offersResponse].map((served) => [served.graph.id, served]),
);
