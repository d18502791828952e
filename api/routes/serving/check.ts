import { Type } from 'typebox';
import { TranslationRequestSchema } from '../../../contracts/translation.ts';
import { translationCheckPath } from '../../../domain/nlp/translator/index.ts';
import type { App } from '../../app-type.ts';
import type { AppDependencies } from '../../dependencies.ts';

/** What another process of ours asks of a replica beside the routes that everybody has. */
export function translationCheckRoute(app: App, { translation }: Pick<AppDependencies, 'translation'>): void {
  app.post(
    translationCheckPath,
    {
      config: { isOwn: true },
      schema: {
        hide: true,
        body: Type.Pick(TranslationRequestSchema, ['source', 'target', 'model', 'glossaries', 'memory']),
      },
    },
    async ({ body }, reply) => {
      await translation.check(body);
      return reply.status(204).send();
    },
  );
}
