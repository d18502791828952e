import type { ChangeTopic } from '../../contracts/changes.ts';

/** One thing that has changed. `id` '': what it is has no id of its own. */
export interface Change {
  readonly topic: ChangeTopic;
  readonly id: string;
}

/** What changes in the records, whoever changes it. */
export interface ChangeFeed {
  /**
   * Calls `hear` with each change once it can be read, and with null when changes may have been missed; resolves to what ends it. The
   * same change may be heard more than once.
   */
  watch(hear: (change: Change | null) => void): Promise<() => Promise<void>>;
}
