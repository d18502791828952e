import type { AlertCondition } from '../../../contracts/alerts.ts';
import { list } from '../../format/number.ts';
import { durationWords } from '../pipelines/words/durations.ts';

const queueWords = {
  runs: 'a run waits to start',
  events: 'an event waits to be worked on',
  'dead-letters': 'an event was given up',
  notifications: 'a message waits to be sent',
  'failed-notifications': 'a message was given up',
} as const;

/** What an alert looks at, in words. */
export function conditionOf(when: AlertCondition): string {
  switch (when.kind) {
    case 'run-failed':
      return 'a run failed';
    case 'run-late':
      return `a run takes ${when.factor ?? 2} times as long as usual, and longer than ${durationWords(when.atLeast ?? '15m')}`;
    case 'run-lost':
      return `the worker of a running step is silent for ${durationWords(when.after ?? '30s')}`;
    case 'run-stalled':
      return `nothing happens in a run for ${durationWords(when.after ?? '10m')}`;
    case 'deadline':
      return `a deadline is ${list((when.states ?? ['expected-late', 'missed']).map((state) => state.replace('-', ' ')))}`;
    case 'worker-dead':
      return `a ${when.roles ? list(when.roles) : 'worker'} process is silent for ${durationWords(when.after ?? '30s')}`;
    case 'queue-age':
      return `${queueWords[when.queue]}${when.after === '1s' ? '' : ` for ${durationWords(when.after ?? '10m')}`}`;
    case 'metric':
      return `${when.metric} is ${bounds(when)}${(when.windows ?? 1) > 1 ? ` ${when.windows} times in a row` : ''}`;
    case 'series':
      return `one of the figures ${when.metric} is beyond its bound`;
    case 'event':
      return `the event ${when.type} happened`;
  }
}

const bounds = ({ above, below }: { readonly above?: number; readonly below?: number }): string =>
  [above === undefined ? '' : `above ${above}`, below === undefined ? '' : `below ${below}`]
    .filter(Boolean)
    .join(' or ');
