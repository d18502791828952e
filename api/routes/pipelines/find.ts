import { PerennialError } from '../../../contracts/errors.ts';
import type { AnyPipeline } from '../../../domain/dag/index.ts';
import type { AppDependencies } from '../../dependencies.ts';

/** The pipeline of that name; PIPELINE_UNKNOWN with the names there are. */
export function findPipeline(pipelines: AppDependencies['pipelines'], id: string): AnyPipeline {
  const pipeline = pipelines.get(id);
  if (pipeline) return pipeline;
  throw new PerennialError(
    'PIPELINE_UNKNOWN',
    `There is no pipeline "${id}"; there are ${[...pipelines.keys()].join(', ')}.`,
    { remedy: 'GET /v1/pipelines lists them.' },
  );
}
