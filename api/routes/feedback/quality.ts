import { Type } from 'typebox';
import type { App } from '../../app-type.ts';
import { daySpan } from '../../day-span.ts';
import type { AppDependencies } from '../../dependencies.ts';
import { DateParam } from '../../schemas.ts';

/** What corrections tell about the versions that answered. */
export function feedbackQualityRoutes(app: App, { feedback, clock }: AppDependencies): void {
  app.get(
    '/v1/feedback/quality',
    {
      config: { role: 'viewer' },
      schema: {
        tags: ['feedback'],
        summary: 'By version and day of the answers (UTC): how many were corrected, and how good these were',
        description:
          'chrf: of the answers against their corrections, 0 to 100. editRate: words changed, a word of the correction. untouched: share of the corrections that say the same.',
        querystring: Type.Object(
          {
            from: Type.Optional(Type.Unsafe<string>({ ...DateParam, description: 'Default: 30 days before `to`.' })),
            to: Type.Optional(
              Type.Unsafe<string>({ ...DateParam, description: 'Not included. Default: after today.' }),
            ),
            model: Type.Optional(Type.String({ maxLength: 200 })),
            version: Type.Optional(Type.Integer({ minimum: 1, maximum: 2_147_483_647 })),
          },
          { additionalProperties: false },
        ),
      },
    },
    async ({ query: { model, version, ...given } }) => {
      const { from, to } = daySpan(given, 30, clock.now());
      const days = await feedback.days({
        from,
        to,
        ...(model === undefined ? {} : { model }),
        ...(version === undefined ? {} : { modelVersion: version }),
      });
      return { from, to, days };
    },
  );
}
