import type { PredictionAnswer } from '../../contracts/predictions.ts';
import type { PredictionService } from './predictions.ts';
import { jsonCall, jsonOf, type ReplicaRouter } from './replicas/index.ts';

/** Path at which a graph answers, on replicas as on the API. */
export function predictPath(graph: string): string {
  return `/v1/predict/${graph}`;
}

/** Predictions computed by the replicas of serving. */
export function remotePredictions(router: Pick<ReplicaRouter, 'call'>): PredictionService {
  return {
    predict: (graph, input, options = {}, call = {}) =>
      router.call(graph, jsonCall(predictPath(graph), { input, ...options }, call), jsonOf<PredictionAnswer>),
  };
}
