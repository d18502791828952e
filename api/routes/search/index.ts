import { Type } from 'typebox';
import { roles } from '../../../contracts/keys.ts';
import type { SearchAnswer } from '../../../contracts/search.ts';
import { search } from '../../../domain/search/index.ts';
import type { App } from '../../app-type.ts';
import type { AppDependencies } from '../../dependencies.ts';

/** Anything by its id or name. */
export function searchRoutes(app: App, deps: AppDependencies): void {
  app.get(
    '/v1/search',
    {
      config: { role: 'viewer' },
      schema: {
        tags: ['search'],
        summary:
          'Anything by words of its id or name, best first: runs, pipelines, markets, customers, models, rules, …',
        description:
          'Every word must occur. Of runs, decisions, rollouts, alerts and documents the newest are looked through; runs and customers are found by the beginning of their ids however old they are.',
        querystring: Type.Object({
          q: Type.String({ minLength: 1, maxLength: 200, pattern: '^[^\\u0000]*$', examples: ['germany'] }),
          limit: Type.Integer({ minimum: 1, maximum: 100, default: 20 }),
        }),
      },
    },
    async (request): Promise<SearchAnswer> => {
      const { q, limit } = request.query;
      const { role, id } = request.apiKey ?? { role: 'viewer', id: '' };
      // Documents are shown to who sent them, and to administrators.
      const owner = role === roles.at(-1) ? null : id;
      return { query: q, hits: await search(deps, q, { limit, owner }) };
    },
  );
}
