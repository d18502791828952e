import { Type } from 'typebox';
import { changeTopics } from '../../../contracts/changes.ts';
import type { Change } from '../../../domain/ports/changes.ts';
import type { App } from '../../app-type.ts';
import type { AppDependencies } from '../../dependencies.ts';
import { type EventStream, eventStreams } from '../../plugins/event-stream.ts';
import { listOf } from '../../schemas.ts';
import { createNotices } from './notices.ts';

/** That something has changed: so that pages read again what they show, and only that. */
export function changeRoutes(app: App, { changes, clock }: AppDependencies): void {
  const openStream = eventStreams(app);

  app.get(
    '/v1/changes',
    {
      config: { role: 'viewer' },
      schema: {
        tags: ['changes'],
        summary: 'What changes, as it changes (server-sent events): topics and ids, each topic at most once a second',
        description:
          '`event: change` has `{ topic, ids, more }`; `event: ready` comes when the stream begins, `event: gap` when changes may have been missed. Nothing is kept: after `ready` of a reconnection, and after `gap`, read again what you show.',
        querystring: Type.Object({
          topics: Type.Optional(listOf(changeTopics)),
        }),
      },
    },
    async (request, reply) => {
      const wanted = request.query.topics?.split(',') ?? changeTopics;
      const topics = new Set(changeTopics.filter((topic) => wanted.includes(topic)));
      let stream: EventStream | undefined;
      const notices = createNotices(topics, (notice) => stream?.send({ type: 'change', data: notice }));
      const tell = (type: 'ready' | 'gap'): void => stream?.send({ type, data: { at: clock.now().toISOString() } });
      // Watching before saying so: whoever hears `ready` misses nothing that comes after.
      const unwatch = await changes.watch((change: Change | null) => {
        if (change === null) tell('gap');
        else if (stream) notices.add(change);
      });
      stream = openStream(reply);
      stream.onClose(() => {
        notices.stop();
        void unwatch();
        stream?.end();
      });
      if (!stream.closed) tell('ready');
      return reply;
    },
  );
}
