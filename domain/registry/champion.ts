import { PerennialError } from '../../contracts/errors.ts';
import type { ModelVersion } from '../../contracts/models.ts';
import type { ModelRepository } from '../ports/models.ts';

/** The champion as a new model is compared with it. */
export interface Opponent<Model> {
  readonly version: number;
  /** Null: it is of another format, and cannot be compared with. */
  readonly model: Model | null;
}

/**
 * The champion to compare a new model with; null when there is none. Of one of another format `warn` is told: it has no model
 * here, and without this no model of the new format could ever take its place.
 */
export async function loadChampion<Model>(
  models: Pick<ModelRepository, 'byAlias'>,
  name: string,
  load: (artifact: ModelVersion['artifact']) => Promise<Model>,
  warn: (message: string) => void,
): Promise<Opponent<Model> | null> {
  const champion = await models.byAlias(name, 'champion');
  if (champion === null) return null;
  const { version, artifact } = champion;
  try {
    return { version, model: await load(artifact) };
  } catch (error) {
    if (!(error instanceof PerennialError) || error.code !== 'MODEL_FORMAT') throw error;
    warn(`Champion version ${version} is not compared with: ${error.message}`);
    return { version, model: null };
  }
}
