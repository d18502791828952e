import { Type } from 'typebox';
import { ResourceId } from '../../../contracts/language-data.ts';
import { translationLimits } from '../../../contracts/translation.ts';
import { createCorrections, type ReceivedFeedback } from '../../../domain/feedback/index.ts';
import { createMemoryService } from '../../../domain/nlp/language-data/index.ts';
import type { App } from '../../app-type.ts';
import type { AppDependencies } from '../../dependencies.ts';
import { Reason } from '../../schemas.ts';

const text = (description: string) => Type.String({ minLength: 1, maxLength: 50_000, description });
const language = (description: string) => Type.String({ minLength: 2, maxLength: 64, description });

/** Corrections of translations. */
export function feedbackRoutes(app: App, deps: AppDependencies): void {
  const corrections = createCorrections(deps);
  const memories = createMemoryService(deps);
  app.post(
    '/v1/feedback',
    {
      config: { role: 'operator' },
      schema: {
        tags: ['feedback'],
        summary: 'Correct a translation: joined to the answer, entered into a memory, counted as labelled data',
        description:
          '201: it has entered a memory. 202: it is kept and enters one when the answer that it names is logged; `feedback.status` says whether that is expected (`waiting`).',
        body: Type.Object(
          {
            target: text('How it should be translated.'),
            requestId: Type.Optional(
              Type.String({
                minLength: 1,
                maxLength: 100,
                description: 'The header `perennial-request` of the answer.',
              }),
            ),
            index: Type.Optional(
              Type.Integer({
                minimum: 0,
                maximum: translationLimits.texts - 1,
                description: 'Place of the text in that request, from 0. Default: 0.',
              }),
            ),
            source: Type.Optional(text('The text that was translated. Needed without a request.')),
            memory: Type.Optional(ResourceId),
            sourceLanguage: Type.Optional(
              language('Needed without a request and a memory: the one of that pair is made, if need be.'),
            ),
            targetLanguage: Type.Optional(language('Needed without a request and a memory.')),
            context: Type.Optional(Type.String({ maxLength: 4000 })),
            domain: Type.Optional(Type.String({ maxLength: 4000, description: 'Default: that of the memory.' })),
            translation: Type.Optional(text('What was answered; kept in the audit log.')),
            model: Type.Optional(Type.String({ maxLength: 200, description: 'What answered; kept in the audit log.' })),
            reason: Type.Optional(Reason),
          },
          { additionalProperties: false },
        ),
      },
    },
    async (request, reply) => {
      const { translation, model, ...sent } = request.body;
      const by = request.apiKey?.name ?? '';
      const [received] = await corrections.receive([await corrections.check(sent, by)]);
      const { memory, entry: id, ...shown } = received as ReceivedFeedback;
      const feedback = { ...shown, memory };
      if (memory === null || id === null) return reply.status(202).send({ memory, entry: null, feedback });
      const entry = await memories.entry(memory, id);
      const answered = {
        ...(translation === undefined ? {} : { translation }),
        ...(model === undefined ? {} : { model }),
      };
      const detail = { entry: id, version: entry.validFrom, feedback: feedback.id, ...answered };
      await deps.audit.write({ actor: by, action: 'memory.feedback', subject: memory, detail });
      return reply
        .status(201)
        .header('location', `/v1/memories/${memory}/entries/${id}`)
        .send({ memory, entry, feedback });
    },
  );
}
