import type { ModelVersion } from '../../../contracts/models.ts';
import type { ModelRepository } from '../../../domain/ports/models.ts';
import { isUsableOn } from '../../../domain/registry/usable.ts';

/** Name in the registry of the model of the response to offers. */
export const responseModel = 'offers-response';
/** Version of the form in which it is stored, that of encodeResponse. */
export const responseFormat = 1;

/** Whether a version can be used for the offers of a day: this code reads it, and it has seen no later outcomes. */
export const isUsableResponse = (version: ModelVersion, asOf: string): boolean =>
  isUsableOn(version, responseFormat, asOf);

/** The champion, if it can be used for the offers of a day. */
export async function responseChampion(
  models: Pick<ModelRepository, 'byAlias'>,
  asOf: string,
): Promise<ModelVersion | null> {
  const champion = await models.byAlias(responseModel, 'champion');
  return champion && isUsableResponse(champion, asOf) ? champion : null;
}

/** The version that offers of a day are chosen by: the champion, or, where it has seen later outcomes, the newest that has not. */
export async function responseFor(
  models: Pick<ModelRepository, 'byAlias' | 'list'>,
  asOf: string,
): Promise<ModelVersion | null> {
  const champion = await responseChampion(models, asOf);
  if (champion) return champion;
  const usable = (await models.list(responseModel)).filter((version) => isUsableResponse(version, asOf));
  const age = ({ lineage, version }: ModelVersion): string => `${lineage['asOf']} ${String(version).padStart(9, '0')}`;
  return usable.reduce<ModelVersion | null>((best, v) => (best && age(best) >= age(v) ? best : v), null);
}
