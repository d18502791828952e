import { dueDays } from '../deadlines/days.ts';
import type { Clock } from '../ports/clock.ts';
import type { ChannelRepository, NotificationRepository } from '../ports/notifications.ts';
import { buildDigest, type DigestDeps } from './build.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** A digest that could not be made at its time is made up for until so long after. */
const catchUpMs = 6 * hourMs;
/** The digest before the first of a channel would have been so long ago; a weekend is bridged. */
const longestMs = 8 * dayMs;

/** Writes the digests that are due, each once, however many processes do so. @returns how many were written. */
export async function sendDigests(
  deps: DigestDeps & {
    readonly channels: Pick<ChannelRepository, 'list'>;
    readonly notifications: Pick<NotificationRepository, 'add' | 'has'>;
    readonly clock: Clock;
  },
): Promise<number> {
  const { channels, notifications, clock } = deps;
  const now = clock.now();
  const at = now.getTime();
  let written = 0;
  for (const { id, settings, enabled, createdAt } of await channels.list()) {
    const { digest: time, topics = [] } = settings;
    if (!time || !enabled || !topics.includes('digest')) continue;
    const { zone } = time;
    const due = dueDays({ by: time.at, zone, ...(time.days ? { days: time.days } : {}) }, at - longestMs, at, {
      byDay: true,
    })
      .filter(({ dueAt }) => dueAt <= at)
      .sort((a, b) => a.dueAt - b.dueAt);
    const today = due.at(-1);
    if (!today || today.dueAt < at - catchUpMs || today.dueAt < Date.parse(createdAt)) continue;
    const dedupe = `digest/${id}/${today.day}`;
    if (await notifications.has(dedupe)) continue;
    const from = new Date(due.at(-2)?.dueAt ?? today.dueAt - dayMs);
    const digest = await buildDigest(deps, settings, { day: today.day, zone, from, now });
    const message = {
      channel: id,
      dedupe,
      title: `Digest of ${today.day}`,
      content: { kind: 'digest', digest } as const,
    };
    written += (await notifications.add([message], now)).length;
  }
  return written;
}
