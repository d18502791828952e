import { createHash } from 'node:crypto';
import { PerennialError } from '../../contracts/errors.ts';
import { type CloudEvent, type DatasetLandedData, eventTypes } from '../../contracts/events.ts';
import type { DatasetWatch } from '../../contracts/webhooks.ts';
import type { DatasetObject, DatasetSource } from '../ports/datasets.ts';
import type { EventPublisher } from '../ports/events.ts';

/** Names that writers give to what they have not finished. */
const unfinished = /(^|\/)[._]|\.(tmp|temp|part|partial|crdownload|swp)$|~$/i;
const doneSuffix = '.done';
const success = '_SUCCESS';

/** Finds what a path's placeholders matched; null when it does not match. `{name}` and `*` stay within a part, `**` does not. */
export type PathPattern = (path: string) => Readonly<Record<string, string>> | null;

/** VALIDATION_FAILED when a placeholder has no name or comes twice. */
export function parsePattern(pattern: string | null): PathPattern {
  if (pattern === null) return () => ({});
  const seen = new Set<string>();
  const source = pattern.replaceAll(/\{([^}]*)\}|\*\*|\*|[^{*]+|\{/g, (part, name: string | undefined) => {
    if (part === '**') return '.*';
    if (part === '*') return '[^/]*';
    if (name === undefined && part !== '{') return part.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
    if (name === undefined || !/^[a-z][a-zA-Z0-9]*$/.test(name) || seen.has(name)) {
      throw new PerennialError('VALIDATION_FAILED', `The pattern "${pattern}" has a fault at "${part}".`, {
        remedy: 'Write placeholders as {market}, each name once.',
      });
    }
    seen.add(name);
    return `(?<${name}>[^/]+)`;
  });
  const expression = new RegExp(`^${source}$`);
  return (path) => {
    const match = expression.exec(path);
    return match && { ...match.groups };
  };
}

/** One look at a place after another: which files have landed. */
export interface LandingTracker {
  /**
   * Files that are complete and were not given before in this version, and in how many milliseconds the next ones may
   * be; null when nothing waits.
   */
  look(objects: readonly DatasetObject[], nowMs: number): { landed: DatasetObject[]; waitMs: number | null };
  /** Gives these again at the next look: announcing them did not work. */
  forget(objects: readonly DatasetObject[]): void;
}

/** @param isAtomic whether what is listed is complete; default false. */
export function createLandingTracker(
  watch: Pick<DatasetWatch, 'settleSeconds' | 'markerOnly' | 'pattern'>,
  { isAtomic }: Pick<DatasetSource, 'isAtomic'> = { isAtomic: false },
): LandingTracker {
  const matches = parsePattern(watch.pattern);
  const settleMs = watch.settleSeconds * 1000;
  /** By path: the version seen last, since when, and whether it was given. */
  let seen = new Map<string, { version: string; sinceMs: number; given: boolean }>();
  return {
    look(objects, nowMs) {
      const times = new Map(objects.map((object) => [object.path, object.modifiedMs]));
      // A marker speaks for what was written before it, not for what a later writer is about to replace.
      const isMarked = ({ path, modifiedMs }: DatasetObject): boolean =>
        [path + doneSuffix, path.slice(0, path.lastIndexOf('/') + 1) + success].some(
          (marker) => (times.get(marker) ?? -1) >= modifiedMs,
        );
      const landed: DatasetObject[] = [];
      let waitMs: number | null = null;
      const next: typeof seen = new Map();
      for (const object of objects) {
        const { path, version } = object;
        if (unfinished.test(path) || path.endsWith(doneSuffix) || !matches(path)) continue;
        const before = seen.get(path);
        const isSame = before?.version === version;
        const entry = isSame ? before : { version, sinceMs: nowMs, given: false };
        next.set(path, entry);
        if (entry.given) continue;
        const leftMs = entry.sinceMs + settleMs - nowMs;
        if (isMarked(object) || (!watch.markerOnly && (isAtomic || (isSame && leftMs <= 0)))) {
          entry.given = true;
          landed.push(object);
        } else if (!watch.markerOnly) waitMs = Math.min(waitMs ?? Number.POSITIVE_INFINITY, Math.max(leftMs, 0));
      }
      seen = next;
      return { landed, waitMs };
    },
    forget(objects) {
      for (const { path } of objects) {
        const entry = seen.get(path);
        if (entry) entry.given = false;
      }
    },
  };
}

/** Looks at a watched place and announces what has landed; resolves to the wait until the next look, milliseconds. */
export function createDatasetWatcher(watch: DatasetWatch, source: DatasetSource, events: EventPublisher) {
  const tracker = createLandingTracker(watch, source);
  const matches = parsePattern(watch.pattern);
  return async (now: Date): Promise<number> => {
    const { landed, waitMs } = tracker.look(await source.list(), now.getTime());
    try {
      await events.publish(landed.map((object) => landedEvent(watch, source, object, matches(object.path) ?? {}, now)));
    } catch (error) {
      tracker.forget(landed);
      throw error;
    }
    return Math.min(waitMs ?? Number.POSITIVE_INFINITY, watch.scanSeconds * 1000);
  };
}

/** The same version of the same file is the same event, whoever sees it and however often. */
function landedEvent(
  watch: DatasetWatch,
  source: DatasetSource,
  { path, size, modifiedMs, version }: DatasetObject,
  captured: Readonly<Record<string, string>>,
  now: Date,
): CloudEvent {
  const modified = new Date(modifiedMs).toISOString();
  const data: DatasetLandedData = { watch: watch.id, uri: source.uri(path), size, modified, captured };
  return {
    specversion: '1.0',
    id: createHash('sha256')
      .update(JSON.stringify([path, version]))
      .digest('hex')
      .slice(0, 32),
    source: `/watches/${watch.id}`,
    type: eventTypes.datasetLanded,
    subject: path,
    time: now.toISOString(),
    datacontenttype: 'application/json',
    data: { ...data, captured: { ...captured } },
  };
}
