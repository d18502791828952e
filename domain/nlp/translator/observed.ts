import { toErrorInfo } from '../../../contracts/errors.ts';
import { type NodeTiming, translationGraph } from '../../../contracts/serving.ts';
import type { RequestedVersion, ServingObserver } from '../../serving/index.ts';
import type { ModelInUse } from './model-in-use.ts';

/**
 * Says by which model a request is computed.
 *
 * @param isAsked whether the caller gets what it gives; of several in turn the last one is that which answers.
 * @returns what to tell of nodes that have ended.
 */
export type Use = (model: ModelInUse, isAsked: boolean) => (timing: NodeTiming) => void;

/**
 * Does the work of a request, and tells an observer how it ended and what batches its models computed meanwhile.
 *
 * @param modelOf name of the model of the request's pair, for one that failed before a version was found. It may throw:
 * pairs without a model are counted together, as anybody may ask for any.
 */
export async function observed<T>(
  observer: ServingObserver | undefined,
  modelOf: () => Promise<string>,
  work: (use: Use) => Promise<T>,
): Promise<T> {
  if (observer === undefined) return work(() => () => {});
  const began = performance.now();
  let served: RequestedVersion = { graph: translationGraph, model: '', version: null, configuration: null };
  const told = (outcome: string): void => observer.request(served, outcome, performance.now() - began);
  try {
    const result = await work(({ name: model, version, configuration, served: computing }, isAsked) => {
      const found = { graph: translationGraph, model, version, configuration };
      if (isAsked) served = found;
      computing.onBatch = (batch) => observer.batch(found, batch);
      return ({ node, ms }) => observer.node(found, node, ms);
    });
    told('ok');
    return result;
  } catch (error) {
    if (served.version === null) served = { ...served, model: await modelOf().catch(() => '') };
    told(toErrorInfo(error).code);
    throw error;
  }
}
