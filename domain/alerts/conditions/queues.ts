import type { AlertQueue } from '../../../contracts/alerts.ts';
import type { QueueFact } from '../../ports/alert-facts.ts';
import { type Found, utc } from '../found.ts';
import type { Looks } from './look.ts';
import { msOf } from './runs.ts';

interface Words {
  readonly title: string;
  what(fact: QueueFact): string;
  readonly affects: string;
  readonly firstStep: string;
  readonly command: string;
}

const since = ({ oldestAt }: QueueFact): string => utc(oldestAt ?? '');
const reason = ({ error }: QueueFact): string => (error ? ` The newest fault: ${error.message}` : '');

const words: Readonly<Record<AlertQueue, Words>> = {
  runs: {
    title: 'runs have waited long for their turn',
    what: (fact) => `Runs wait for their turn: ${fact.count}, the first since ${since(fact)}.`,
    affects: 'Their results come late.',
    firstStep: 'See what each waits for; raise a limit, or let go what may wait.',
    command: 'perennial limits queue',
  },
  events: {
    title: 'events are not worked on',
    what: (fact) => `Events wait to be worked on: ${fact.count}, the first since ${since(fact)}.${reason(fact)}`,
    affects: 'What they would start (runs of webhooks, rules) does not start.',
    firstStep: 'Check that a worker "events" is there, and that Redis and Temporal answer.',
    command: 'perennial workers',
  },
  'dead-letters': {
    title: 'events were given up',
    what: (fact) =>
      `Events could not be worked on and were given up: ${fact.count}, the first at ${since(fact)}.${reason(fact)}`,
    affects: 'What they would have started did not start.',
    firstStep: 'Read why, correct it, and replay them, or drop them.',
    command: 'perennial events dead',
  },
  notifications: {
    title: 'messages have waited long',
    what: (fact) => `Messages to channels wait: ${fact.count}, the first since ${since(fact)}.${reason(fact)}`,
    affects: 'People are told late, or not at all.',
    firstStep: 'Check that Redis answers, and that the receivers do.',
    command: 'perennial notifications ls --state waiting',
  },
  'failed-notifications': {
    title: 'messages could not be delivered',
    what: (fact) => `Messages to channels were given up: ${fact.count}, the first at ${since(fact)}.${reason(fact)}`,
    affects: 'Those who should have been told do not know.',
    firstStep: 'Correct the channel, and send them again.',
    command: 'perennial notifications ls --state failed',
  },
};

export const lookAtQueues: Pick<Looks, 'queue-age'> = {
  async 'queue-age'({ queue, after = '10m' }, { facts }) {
    const fact = await facts.queue(queue);
    if (fact.oldestAt === null || fact.oldestMs < msOf(after)) return [];
    const { title, what, affects, firstStep, command } = words[queue];
    const found: Found = {
      subject: queue,
      pipeline: null,
      market: null,
      since: fact.oldestAt,
      what: what(fact),
      one: title,
      many: title,
      affects: [affects],
      firstStep,
      command,
    };
    return [found];
  },
};
