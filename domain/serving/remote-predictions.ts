import type { PredictionAnswer } from '../../contracts/predictions.ts';
import type { PredictionService } from './predictions.ts';
import { jsonOf, type ReplicaRouter } from './replicas/index.ts';

/** Path at which a graph answers, on replicas as on the API. */
export function predictPath(graph: string): string {
  return `/v1/predict/${graph}`;
}

/** Predictions computed by the replicas of serving. */
export function remotePredictions(router: Pick<ReplicaRouter, 'call'>): PredictionService {
  return {
    predict: (graph, input, options = {}, { signal, caller } = {}) =>
      router.call(
        graph,
        {
          method: 'POST',
          path: predictPath(graph),
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ input, ...options }),
          ...(signal === undefined ? {} : { signal }),
          ...(caller === undefined ? {} : { caller }),
        },
        jsonOf<PredictionAnswer>,
      ),
  };
}
