import type { AlertCondition } from '../../../contracts/alerts.ts';
import { list } from '../../format/number.ts';

const queueWords = {
  runs: 'runs wait to start',
  events: 'events wait to be worked on',
  'dead-letters': 'events were given up',
  notifications: 'messages wait to be sent',
  'failed-notifications': 'messages were given up',
} as const;

/** What an alert looks at, in words. */
export function conditionOf(when: AlertCondition): string {
  switch (when.kind) {
    case 'run-failed':
      return 'a run failed';
    case 'run-late':
      return `a run takes ${when.factor ?? 2} times as long as usual, and longer than ${when.atLeast ?? '15m'}`;
    case 'run-lost':
      return `the worker of a running step is silent for ${when.after ?? '30s'}`;
    case 'run-stalled':
      return `nothing happens in a run for ${when.after ?? '10m'}`;
    case 'deadline':
      return `a deadline is ${list((when.states ?? ['expected-late', 'missed']).map((state) => state.replace('-', ' ')))}`;
    case 'worker-dead':
      return `a ${when.roles ? list(when.roles) : 'worker'} process is silent for ${when.after ?? '30s'}`;
    case 'queue-age':
      return `${queueWords[when.queue]}, the first for ${when.after ?? '10m'}`;
    case 'metric':
      return `${when.metric} is ${bounds(when)}${(when.windows ?? 1) > 1 ? ` ${when.windows} times in a row` : ''}`;
    case 'series':
      return `a figure ${when.metric} is beyond its bound`;
    case 'event':
      return `the event ${when.type} happened`;
  }
}

const bounds = ({ above, below }: { readonly above?: number; readonly below?: number }): string =>
  [above === undefined ? '' : `above ${above}`, below === undefined ? '' : `below ${below}`]
    .filter(Boolean)
    .join(' or ');
