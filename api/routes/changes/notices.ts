import { type ChangeNotice, type ChangeTopic, mostChangedIds } from '../../../contracts/changes.ts';
import type { Change } from '../../../domain/ports/changes.ts';

/** Between two notices of a topic. */
const everyMs = 1_000;

export interface Notices {
  add(change: Change): void;
  stop(): void;
}

/** Tells changes of each topic at most once a second: the first at once, those that come in its second together after it. */
export function createNotices(topics: ReadonlySet<ChangeTopic>, tell: (notice: ChangeNotice) => void): Notices {
  const waiting = new Map<ChangeTopic, Set<string>>();
  const timers = new Map<ChangeTopic, NodeJS.Timeout>();
  const told = (topic: ChangeTopic): void => {
    const ids = [...(waiting.get(topic) ?? [])];
    waiting.delete(topic);
    const named = ids.filter((id) => id !== '').slice(0, mostChangedIds);
    tell({ topic, ids: named, more: named.length < ids.length });
    timers.set(
      topic,
      setTimeout(() => {
        timers.delete(topic);
        if (waiting.has(topic)) told(topic);
      }, everyMs),
    );
  };
  return {
    add({ topic, id }) {
      if (!topics.has(topic)) return;
      const ids = waiting.get(topic) ?? new Set();
      // One more than are told says that there are more.
      if (ids.size <= mostChangedIds) ids.add(id);
      waiting.set(topic, ids);
      if (!timers.has(topic)) told(topic);
    },
    stop() {
      for (const timer of timers.values()) clearTimeout(timer);
    },
  };
}
