import type { ServingVariant, TrafficRollout } from '../../../contracts/traffic.ts';
import type { TranslationSettings } from '../../../contracts/translation-settings.ts';
import type { KnownConfiguration } from './known-configurations.ts';
import type { ServedModel } from './served-model.ts';

/** A model in use: a version of it, served as a configuration says. */
export interface ModelInUse extends KnownConfiguration {
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
  readonly base: ServingVariant;
  readonly candidate: ServingVariant;
  readonly served: 'base' | 'candidate';
  /** Why the base answers, though the candidate should; null: nothing is wrong. */
  readonly fault: unknown;
  /** Whether there is time to have the request answered by the other version too. */
  isCompared(): boolean;
  /** The other variant. Errors as of a model that is asked for. */
  other(): Promise<ModelInUse>;
}

/** What is to answer a request, before anything is loaded for it. */
export interface RoutedModel {
  /** Settings of all that may answer it: in a rollout those of base and candidate. */
  readonly settings: readonly TranslationSettings[];
  /** @throws UNAVAILABLE when it does not fit into the memory, MODEL_FORMAT, NOT_FOUND, CANCELLED. */
  acquire(): Promise<ModelInUse>;
}
