import type { JsonObject } from '../../../contracts/json.ts';
import type { PipelineBrief, PipelineDetail } from '../../../contracts/pipelines.ts';
import { compilePlan, findPipeline } from '../../../domain/dag/index.ts';
import type { App } from '../../app-type.ts';
import type { AppDependencies } from '../../dependencies.ts';
import { IdParams } from '../../schemas.ts';

export function pipelineRoutes(app: App, { pipelines }: AppDependencies): void {
  app.get(
    '/v1/pipelines',
    { config: { role: 'viewer' }, schema: { tags: ['pipelines'], summary: 'List pipelines' } },
    async (): Promise<{ pipelines: PipelineBrief[] }> => ({
      pipelines: [...pipelines.values()].map(({ id, title, description }) => ({ id, title, description })),
    }),
  );

  app.get(
    '/v1/pipelines/:id',
    {
      config: { role: 'viewer' },
      schema: { tags: ['pipelines'], summary: 'A pipeline with its parameters and graph', params: IdParams },
    },
    async (request): Promise<PipelineDetail> => {
      const pipeline = findPipeline(pipelines, request.params.id);
      const { id, title, description, params, partition, concurrency, steps } = pipeline;
      const plan = compilePlan(pipeline);
      return {
        id,
        title,
        description,
        params: params as unknown as JsonObject,
        planHash: plan.hash,
        partition: partition ?? null,
        concurrency: concurrency ?? null,
        steps: plan.steps.map((step) => ({ ...step, title: steps[step.id]?.title ?? step.id })),
      };
    },
  );
}
