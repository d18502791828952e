import { Type } from 'typebox';
import { type LogLine, logLevels } from '../../../contracts/runs.ts';
import type { App } from '../../app-type.ts';
import type { AppDependencies } from '../../dependencies.ts';
import { eventStreams } from '../../plugins/event-stream.ts';
import { IdParams, Limit, oneOf } from '../../schemas.ts';
import { streamEvents } from './events.ts';
import { findRun } from './find.ts';

const lineId = { minimum: 0, maximum: Number.MAX_SAFE_INTEGER };

/** What a run says while it goes on, and what it has said. */
export function runLogRoutes(app: App, { runs }: Pick<AppDependencies, 'runs'>): void {
  const openStream = eventStreams(app);

  app.get(
    '/v1/runs/:id/logs',
    {
      config: { role: 'viewer' },
      schema: {
        tags: ['runs'],
        summary: 'Log lines of a run, oldest first',
        params: IdParams,
        querystring: Type.Object({
          step: Type.Optional(Type.String()),
          item: Type.Optional(Type.String({ description: 'Of a mapped step.' })),
          level: Type.Optional(oneOf(logLevels, { description: 'The least that is given.' })),
          text: Type.Optional(Type.String({ minLength: 1, maxLength: 200, description: 'Part of the message.' })),
          after: Type.Optional(Type.Integer(lineId)),
          before: Type.Optional(Type.Integer({ ...lineId, description: 'Gives the last lines before this one.' })),
          limit: Limit,
        }),
      },
    },
    async (request): Promise<{ lines: readonly LogLine[]; next: number | null }> => {
      const { step, item, level, text, after, before, limit } = request.query;
      const run = await findRun(runs, request.params.id);
      const lines = await runs.logs(run.id, {
        limit,
        ...(step === undefined ? {} : { stepId: step }),
        ...(item === undefined ? {} : { mapKey: item }),
        ...(level === undefined ? {} : { levels: logLevels.slice(logLevels.indexOf(level)) }),
        ...(text === undefined ? {} : { text }),
        ...(after === undefined ? {} : { after }),
        ...(before === undefined ? {} : { before }),
      });
      return { lines, next: lines.length === limit ? (lines.at(-1)?.id ?? null) : null };
    },
  );

  app.get(
    '/v1/runs/:id/events',
    {
      config: { role: 'viewer' },
      schema: {
        tags: ['runs'],
        summary: 'Events of a run as they happen (server-sent events)',
        description: 'Goes on after the header last-event-id; ends with the run.',
        params: IdParams,
        querystring: Type.Object({
          from: Type.Optional(
            Type.Union([Type.Literal('start'), Type.Literal('now')], {
              default: 'start',
              description: 'Where to begin without last-event-id.',
            }),
          ),
        }),
      },
    },
    async (request, reply) => {
      const run = await findRun(runs, request.params.id);
      const last = Number(request.headers['last-event-id'] ?? 0);
      const isFirst = !Number.isSafeInteger(last) || last <= 0;
      const after = !isFirst ? last : request.query.from === 'now' ? await runs.newestEvent(run.id) : 0;
      await streamEvents(runs, { runId: run.id, after, log: request.log }, () => openStream(reply));
      return reply;
    },
  );
}
