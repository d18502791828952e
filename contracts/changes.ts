/** What changes are about. */
export const changeTopics = [
  'runs',
  'alerts',
  'rollouts',
  'decisions',
  'policies',
  'rules',
  'schedules',
  'models',
  'traffic',
  'deadlines',
  'backfills',
  'events',
  'notifications',
  'channels',
  'silences',
  'documents',
  'memories',
  'glossaries',
  'workers',
  'limits',
  'keys',
  'audit',
] as const;
export type ChangeTopic = (typeof changeTopics)[number];

/**
 * What `GET /v1/changes` streams as `event: change`: things of a topic have changed, at most once a second for each topic. Beside it
 * come `event: ready`, with `{ at }`, when the stream begins, and `event: gap`, with `{ at }`, when changes may have been missed:
 * then, and after a reconnection, whatever is shown is to be read again.
 */
export interface ChangeNotice {
  readonly topic: ChangeTopic;
  /** Those that have changed, at most {@link mostChangedIds}; those of models are `model`, of traffic `model` or `model@market`. */
  readonly ids: readonly string[];
  /** Whether others have changed too. */
  readonly more: boolean;
}

export const mostChangedIds = 100;
