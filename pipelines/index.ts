import type { AnyPipeline } from '../domain/dag/index.ts';
import { offers } from './offers/index.ts';
import { translateDocument } from './translate-document/index.ts';
import { translation } from './translation/index.ts';

/** Every pipeline of this installation. A new one is a folder here and a line in this list. */
export const pipelines: ReadonlyMap<string, AnyPipeline> = new Map(
  [offers, translation, translateDocument].map((pipeline) => [pipeline.id, pipeline]),
);
