import { type ChangeTopic, changeTopics } from '../../contracts/changes.ts';
import type { ChangeFeed } from '../../domain/ports/changes.ts';
import type { Watcher } from './watcher.ts';

/** The channel on which triggers tell what has changed: topic and id, with a blank between. */
export const changeChannel = 'perennial_change';

const topics: ReadonlySet<string> = new Set(changeTopics);

/**
 * Changes as triggers tell them (migration `change_notices`), so that nobody who writes can forget to.
 *
 * @param watchers.runs listens to what runs tell of themselves: they change too often for a trigger on each of their rows.
 */
export function changeFeed(watchers: { readonly runs: Watcher; readonly others: Watcher }): ChangeFeed {
  return {
    async watch(hear) {
      const endRuns = await watchers.runs.watchAll((id) => hear(id === null ? null : { topic: 'runs', id }));
      const others = watchers.others.watchAll((text) => {
        if (text === null) return hear(null);
        const [topic = '', ...id] = text.split(' ');
        // A newer version of the code may tell more.
        if (topics.has(topic)) hear({ topic: topic as ChangeTopic, id: id.join(' ') });
      });
      const endOthers = await others.catch(async (error: unknown) => {
        // Nobody would end it later.
        await endRuns();
        throw error;
      });
      return async () => {
        await endRuns();
        await endOthers();
      };
    },
  };
}
