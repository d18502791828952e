import { Type } from 'typebox';
import { eventTypes, type FeedbackReceivedData } from '../../../contracts/events.ts';
import { ResourceId } from '../../../contracts/language-data.ts';
import { createFeedbackService } from '../../../domain/nlp/language-data/index.ts';
import type { App } from '../../app-type.ts';
import type { AppDependencies } from '../../dependencies.ts';
import { Reason } from '../../schemas.ts';

const text = (description: string) => Type.String({ minLength: 1, maxLength: 50_000, description });
const language = (description: string) => Type.String({ minLength: 2, maxLength: 64, description });

/** Corrections of translations. */
export function feedbackRoutes(app: App, deps: AppDependencies): void {
  const feedback = createFeedbackService(deps);
  app.post(
    '/v1/feedback',
    {
      config: { role: 'operator' },
      schema: {
        tags: ['memories'],
        summary: 'Correct a translation: it enters a memory, and counts as labelled data',
        body: Type.Object(
          {
            source: text('The text that was translated.'),
            target: text('How it should be translated.'),
            memory: Type.Optional(ResourceId),
            sourceLanguage: Type.Optional(
              language('Needed without a memory: the one of that pair is made, if need be.'),
            ),
            targetLanguage: Type.Optional(language('Needed without a memory.')),
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
      const { translation, model, ...correction } = request.body;
      const by = request.apiKey?.name ?? '';
      const { memory, entry } = await feedback.correct(correction, by);
      const answered = {
        ...(translation === undefined ? {} : { translation }),
        ...(model === undefined ? {} : { model }),
      };
      const detail = { entry: entry.id, version: entry.validFrom, ...answered };
      await deps.audit.write({ actor: by, action: 'memory.feedback', subject: memory, detail });
      const data: FeedbackReceivedData = { pipeline: 'translation', memory };
      await deps.events.publish([
        {
          specversion: '1.0',
          source: `/memories/${memory}`,
          id: `${entry.id}/${entry.validFrom}`,
          type: eventTypes.feedbackReceived,
          subject: String(entry.id),
          time: deps.clock.now().toISOString(),
          datacontenttype: 'application/json',
          data: { ...data },
        },
      ]);
      return reply.status(201).header('location', `/v1/memories/${memory}/entries/${entry.id}`).send({ memory, entry });
    },
  );
}
