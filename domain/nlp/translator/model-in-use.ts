import type { TranslationSettings } from '../../../contracts/translation-settings.ts';
import type { TriedModel } from '../../serving/index.ts';
import type { KnownConfiguration } from './known-configurations.ts';
import type { ServedModel } from './served-model.ts';

/** A model in use: a version of it, served as a configuration says. */
export interface ModelInUse extends KnownConfiguration, TriedModel<ModelInUse> {
  readonly name: string;
  readonly version: number;
  readonly served: ServedModel;
}

/** What is to answer a request, before anything is loaded for it. */
export interface RoutedModel {
  /** Settings of all that may answer it: in a rollout those of base and candidate. */
  readonly settings: readonly TranslationSettings[];
  /** @throws UNAVAILABLE when it does not fit into the memory, MODEL_FORMAT, NOT_FOUND, CANCELLED. */
  acquire(): Promise<ModelInUse>;
}
