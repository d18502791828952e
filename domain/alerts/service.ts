import type { Alert, AlertChange, Silence, SilenceMatch } from '../../contracts/alerts.ts';
import { PerennialError } from '../../contracts/errors.ts';
import type { NotificationRecord } from '../../contracts/notifications.ts';
import type { AlertFilter, AlertRepository, StoredAlert } from '../ports/alerts.ts';
import type { Clock } from '../ports/clock.ts';
import type { ChannelRepository, NotificationRepository } from '../ports/notifications.ts';
import { resolve, type Step } from './advance.ts';
import { messagesFor } from './routing.ts';

/** Longest a silence may last: what is to be quiet for ever is to be disabled. */
const longestSilenceMs = 90 * 86_400_000;
const tries = 5;
/** Messages about an alert that are shown with it. */
const mostMessages = 100;

/** Alerts as people handle them. NOT_FOUND for an id that is unknown, CONFLICT for an alert that is over. */
export interface AlertService {
  list(
    filter: AlertFilter,
    page: { limit: number; cursor?: string },
  ): Promise<{ alerts: Alert[]; next: string | null }>;
  /** With what became of it, and whom it was told. */
  show(id: string): Promise<Alert & { changes: AlertChange[]; notifications: NotificationRecord[] }>;
  /** Somebody takes care: no escalation any more, and no word until it becomes worse or is over. */
  acknowledge(id: string, by: string, note: string): Promise<Alert>;
  /** Over, as a person says. What was found until now stays quiet; it fires again when it happens anew. */
  resolve(id: string, by: string, note: string): Promise<Alert>;
  silences(all: boolean): Promise<Silence[]>;
  /** VALIDATION_FAILED when it ends in the past, or in more than 90 days. */
  silence(match: SilenceMatch, until: Date, by: string, reason: string): Promise<Silence>;
  /** CONFLICT when it is over. */
  endSilence(id: string): Promise<Silence>;
}

export function createAlertService({
  alerts,
  channels,
  notifications,
  clock,
}: {
  readonly alerts: AlertRepository;
  readonly channels: Pick<ChannelRepository, 'list'>;
  readonly notifications: Pick<NotificationRepository, 'list'>;
  readonly clock: Clock;
}): AlertService {
  const find = async (id: string): Promise<StoredAlert> => {
    const stored = await alerts.get(id);
    if (stored) return stored;
    throw new PerennialError('NOT_FOUND', `There is no alert "${id}".`, { remedy: 'GET /v1/alerts lists them.' });
  };
  /** Changes an open alert; anew when it has changed meanwhile. */
  const change = async (id: string, next: (alert: Alert, now: Date) => Step): Promise<Alert> => {
    for (let n = 0; n < tries; n++) {
      const { alert: before, version } = await find(id);
      if (before.state === 'resolved') {
        throw new PerennialError('CONFLICT', `The alert "${id}" has been over since ${before.resolvedAt}.`, {
          remedy: 'Look at it again: nothing is left to do.',
        });
      }
      const now = clock.now();
      const { alert, changes, notice } = next(before, now);
      const messages = notice ? messagesFor(alert, notice, version + 1, await channels.list()) : [];
      if (await alerts.save(alert, version, changes, messages, now)) return alert;
    }
    throw new PerennialError('CONFLICT', `The alert "${id}" changes all the time.`, { remedy: 'Try again.' });
  };
  return {
    list: (filter, page) => alerts.list(filter, page),
    async show(id) {
      const { alert } = await find(id);
      const [changes, messages] = await Promise.all([
        alerts.changes(id),
        notifications.list({ alertId: id, limit: mostMessages }),
      ]);
      return { ...alert, changes, notifications: messages };
    },
    acknowledge: (id, by, note) =>
      change(id, (before, now) => {
        const at = now.toISOString();
        const alert: Alert = { ...before, state: 'acknowledged', acknowledgedAt: at, acknowledgedBy: by };
        return { alert, changes: [{ at, kind: 'acknowledged', by, note }], notice: null };
      }),
    resolve: (id, by, note) => change(id, (before, now) => resolve(before, note, by, now)),
    silences: (all) => alerts.silences(all ? {} : { activeAt: clock.now() }),
    async silence(match, until, by, reason) {
      const now = clock.now();
      const left = until.getTime() - now.getTime();
      if (!(left > 0 && left <= longestSilenceMs)) {
        const value = until.toISOString();
        throw new PerennialError('VALIDATION_FAILED', `The silence would end at ${value}.`, {
          fields: [{ field: 'until', value, message: 'must be in the future, and within 90 days' }],
          remedy: 'Give another end; to be quiet for good, disable the alert definition.',
        });
      }
      return alerts.createSilence({ match, until, by, reason, now });
    },
    async endSilence(id) {
      const ended = await alerts.endSilence(id, clock.now());
      if (ended) return ended;
      const known = (await alerts.silences({})).some((silence) => silence.id === id);
      throw known
        ? new PerennialError('CONFLICT', `The silence "${id}" is over.`, { remedy: 'Nothing is left to do.' })
        : new PerennialError('NOT_FOUND', `There is no silence "${id}".`, { remedy: 'GET /v1/silences lists them.' });
    },
  };
}
