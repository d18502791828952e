import type { TrafficRollout } from '../../../contracts/traffic.ts';
import type { ServedModel } from './served-model.ts';

/** A model in use. */
export interface ModelInUse {
  readonly name: string;
  readonly version: number;
  readonly served: ServedModel;
  /** The rollout that the request takes part in; null: none. */
  readonly trial: Trial | null;
  /** To be called when it is no longer needed; may be called more than once. */
  release(): void;
}

/** What a request has to do with a rollout. */
export interface Trial {
  readonly rollout: TrafficRollout;
  readonly base: number;
  readonly candidate: number;
  readonly served: 'base' | 'candidate';
  /** Why the base answers, though the candidate should; null: nothing is wrong. */
  readonly fault: unknown;
  /** Whether there is time to have the request answered by the other version too. */
  isCompared(): boolean;
  /** The other version. Errors as of a model that is asked for. */
  other(): Promise<ModelInUse>;
}
