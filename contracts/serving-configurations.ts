import { Type } from 'typebox';
import type { Json, JsonObject } from './json.ts';

/** The configuration that every model has: what is built in. It has no record. */
export const builtIn = 0;

export const ConfigurationNumber = Type.Integer({
  minimum: builtIn,
  maximum: 2_147_483_647,
  description: 'Number of a configuration of the model; 0: the built-in defaults.',
});

/** How a model is served where a request says nothing. Never changed: other settings make another one. */
export interface ServingConfiguration {
  readonly model: string;
  /** 1, 2, … of each model. */
  readonly configuration: number;
  /** Those that differ from the built-in defaults, by the schema of the kind of model. */
  readonly settings: JsonObject;
  /** Of the settings. */
  readonly sha256: string;
  readonly by: string;
  readonly at: string;
  readonly reason: string;
}

/** A setting of two configurations, with the built-in default where one does not have it. */
export interface SettingComparison {
  readonly name: string;
  readonly a: Json;
  readonly b: Json;
  readonly same: boolean;
  /** What it does. */
  readonly means: string;
}
