import { Type } from 'typebox';
import { ModelChoice } from '../../../contracts/translation.ts';
import { predictPath } from '../../../domain/serving/index.ts';
import type { App } from '../../app-type.ts';
import type { AppDependencies } from '../../dependencies.ts';
import { askerOf, signalOf } from '../../plugins/translation-call.ts';

/** A route for each inference graph that is served, beside those of translation. */
export function predictRoutes(app: App, { graphs, inference }: Pick<AppDependencies, 'graphs' | 'inference'>): void {
  for (const [id, { title, description, input }] of graphs) {
    app.post(
      predictPath(id),
      {
        config: { role: 'viewer' },
        schema: {
          tags: ['serving'],
          summary: title,
          description,
          body: Type.Object(
            {
              input,
              model: Type.Optional(ModelChoice),
              timings: Type.Optional(
                Type.Boolean({ description: 'Whether the answer tells how long each node took. Default: false.' }),
              ),
            },
            { additionalProperties: false },
          ),
        },
      },
      async (request, reply) => {
        const { input: given, ...options } = request.body;
        return inference.predict(id, given, options, { signal: signalOf(request, reply), ...askerOf(request) });
      },
    );
  }
}
