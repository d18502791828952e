import { compilePlan, findPipeline } from '../../../domain/dag/index.ts';
import type { App } from '../../app-type.ts';
import type { AppDependencies } from '../../dependencies.ts';
import { IdParams } from '../../schemas.ts';

export function pipelineRoutes(app: App, { pipelines }: AppDependencies): void {
  app.get(
    '/v1/pipelines',
    { config: { role: 'viewer' }, schema: { tags: ['pipelines'], summary: 'List pipelines' } },
    async () => ({
      pipelines: [...pipelines.values()].map(({ id, title, description }) => ({ id, title, description })),
    }),
  );

  app.get(
    '/v1/pipelines/:id',
    {
      config: { role: 'viewer' },
      schema: { tags: ['pipelines'], summary: 'A pipeline with its parameters and graph', params: IdParams },
    },
    async (request) => {
      const pipeline = findPipeline(pipelines, request.params.id);
      const { id, title, description, params, steps } = pipeline;
      const plan = compilePlan(pipeline);
      return {
        id,
        title,
        description,
        params,
        planHash: plan.hash,
        steps: plan.steps.map((step) => ({ ...step, title: steps[step.id]?.title ?? step.id })),
      };
    },
  );
}
