import { PerennialError } from '../../contracts/errors.ts';
import type { ModelVersion } from '../../contracts/models.ts';
import type { ModelRepository } from '../ports/models.ts';

/**
 * The champion to compare a new model with; null when there is none, or one of an older format, of which `warn` is told:
 * it cannot be compared with, and without this no model of the new format could ever take its place.
 */
export async function loadChampion<Model>(
  models: Pick<ModelRepository, 'byAlias'>,
  name: string,
  load: (artifact: ModelVersion['artifact']) => Promise<Model>,
  warn: (message: string) => void,
): Promise<Model | null> {
  const champion = await models.byAlias(name, 'champion');
  if (champion === null) return null;
  try {
    return await load(champion.artifact);
  } catch (error) {
    if (!(error instanceof PerennialError) || error.code !== 'MODEL_FORMAT') throw error;
    warn(`Champion version ${champion.version} is not compared with: ${error.message}`);
    return null;
  }
}
