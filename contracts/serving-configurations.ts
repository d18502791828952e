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

/** Answer of `GET /v1/models/:model/configurations`. */
export interface ConfigurationList {
  readonly model: string;
  readonly inForce: number;
  /** JSON Schemas of the settings there are, by their names, each with default and description. */
  readonly settings: Readonly<Record<string, SettingSchema>>;
  /** Newest first. */
  readonly configurations: readonly ServingConfiguration[];
}

/** What is said of a setting: a schema of a number, a whole number, or yes and no. */
export interface SettingSchema {
  readonly type?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly default?: Json;
  readonly description?: string;
}

/** Answer of `GET /v1/models/:model/configurations/compare`. */
export interface ConfigurationComparison {
  readonly model: string;
  readonly a: number;
  readonly b: number;
  readonly settings: readonly SettingComparison[];
}
