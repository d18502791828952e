import {
  eventTypes,
  type RolloutChangedData,
  rolloutEvents,
  type ScheduleFailedData,
} from '../../../contracts/events.ts';
import type { JsonObject } from '../../../contracts/json.ts';
import type { AlertRaisedData } from '../../../contracts/rules.ts';
import { traceparentName } from '../../../contracts/tracing.ts';
import type { StoredEvent } from '../../ports/events.ts';
import { type Found, utc } from '../found.ts';
import type { Looks } from './look.ts';
import { msOf } from './runs.ts';

/** Events of one type that are looked at, the newest. */
const most = 500;

export const lookAtEvents: Pick<Looks, 'event'> = {
  async event({ type, keep = '1d' }, { events, now }) {
    const from = new Date(now.getTime() - msOf(keep)).toISOString();
    const found = await events.list({ types: [type], from, before: Number.MAX_SAFE_INTEGER, limit: most });
    return found.reverse().map(foundIn);
  },
};

function foundIn(event: StoredEvent): Found {
  const data = (event.data ?? {}) as JsonObject;
  const text = (name: string): string | null => (typeof data[name] === 'string' ? data[name] : null);
  const traceparent = event.extensions?.[traceparentName];
  const common = {
    subject: `${event.source} ${event.id}`,
    group: `${event.source}${event.subject === undefined ? '' : ` ${event.subject}`}`,
    pipeline: text('pipeline'),
    market: text('market'),
    since: event.time,
    traceparent: typeof traceparent === 'string' ? traceparent : undefined,
  };
  if (event.type === eventTypes.alertRaised) {
    const { message, severity, rule, key } = event.data as unknown as AlertRaisedData;
    return {
      ...common,
      severity,
      market: common.market ?? key ?? null,
      what: message,
      one: message.length > 120 ? `${message.slice(0, 117)}…` : message,
      many: `{n} alerts of the rule "${rule ?? event.source}"`,
      firstStep: `See why the rule fired.`,
      command: rule ? `perennial rules evaluations ${rule}` : `perennial events show ${event.sequence}`,
    };
  }
  if (event.type === eventTypes.scheduleFailed) {
    const { schedule, pipeline, scheduledAt, error } = event.data as unknown as ScheduleFailedData;
    return {
      ...common,
      group: schedule,
      what: `The schedule "${schedule}" of ${pipeline} made no run at ${utc(scheduledAt)}: ${error.message}`,
      one: `the schedule "${schedule}" made no run`,
      many: `the schedule "${schedule}" made no run {n} times`,
      firstStep: error.remedy ?? 'Correct the parameters of the schedule, then start the run.',
      command: `perennial schedules show ${schedule}`,
    };
  }
  if (event.type.startsWith(rolloutEvents)) {
    const { rollout, model, market, version, text: why } = event.data as unknown as RolloutChangedData;
    const ended = event.type === eventTypes.rolloutRolledBack ? 'was taken back' : 'waits for people';
    return {
      ...common,
      group: model,
      market: market || null,
      what: `The rollout of version ${version} of ${model}${market && ` in ${market}`}: ${why}`,
      one: `version ${version} of ${model} ${ended}`,
      many: `{n} rollouts of ${model} need somebody`,
      firstStep: 'Look at what its gates have seen, then skip the step, abort it, or train another version.',
      command: `perennial rollouts show ${rollout}`,
    };
  }
  return {
    ...common,
    what: `${event.type} from ${event.source}${event.subject === undefined ? '' : `: ${event.subject}`}, at ${utc(event.time)}.`,
    one: event.type,
    many: `{n} × ${event.type}`,
    firstStep: 'Look at the event.',
    command: `perennial events show ${event.sequence}`,
  };
}
