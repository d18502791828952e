import { toErrorInfo } from '../../../contracts/errors.ts';
import { type NodeTiming, translationGraph } from '../../../contracts/serving.ts';
import type { ServingObserver } from '../../serving/index.ts';
import { type LanguagePair, modelNameOf } from './model.ts';
import type { ModelInUse } from './model-in-use.ts';

/**
 * Does the work of a request, and tells an observer how it ended and what batches its model computed meanwhile.
 *
 * @param work calls `use` with the model once it is found, and tells what that gives of nodes that have ended.
 */
export async function observed<T>(
  observer: ServingObserver | undefined,
  pair: LanguagePair,
  work: (use: (model: ModelInUse) => (timing: NodeTiming) => void) => Promise<T>,
): Promise<T> {
  if (observer === undefined) return work(() => () => {});
  const began = performance.now();
  let served = { graph: translationGraph, model: modelNameOf(pair), version: null as number | null };
  const told = (outcome: string): void => observer.request(served, outcome, performance.now() - began);
  try {
    const result = await work(({ name: model, version, served: computing }) => {
      const found = { graph: translationGraph, model, version };
      served = found;
      computing.onBatch = (batch) => observer.batch(found, batch);
      return ({ node, ms }) => observer.node(found, node, ms);
    });
    told('ok');
    return result;
  } catch (error) {
    told(toErrorInfo(error).code);
    throw error;
  }
}
