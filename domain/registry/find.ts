import { PerennialError } from '../../contracts/errors.ts';
import type { ModelVersion } from '../../contracts/models.ts';
import type { ModelRepository } from '../ports/models.ts';

/** Numbers beyond are not even looked for. */
const mostVersions = 2_147_483_647;

/**
 * A version by its number, an alias, or `newest`.
 *
 * @param options.deleted whether one that was deleted will do: its record, without files.
 * @throws NOT_FOUND; GONE for one that was deleted.
 */
export async function findVersion(
  models: Pick<ModelRepository, 'get' | 'byAlias' | 'list'>,
  model: string,
  choice: string,
  { deleted = false } = {},
): Promise<ModelVersion> {
  const number = /^\d+$/.test(choice) ? Number(choice) : null;
  const found =
    number !== null
      ? number > mostVersions
        ? null
        : await models.get(model, number, { deleted: true })
      : choice === 'newest'
        ? (await models.list(model))[0]
        : await models.byAlias(model, choice);
  if (found && (deleted || !found.deleted)) return found;
  if (found?.deleted)
    throw new PerennialError(
      'GONE',
      `Version ${choice} of model "${model}" was deleted on ${found.deleted.at} by ${found.deleted.by}: ${found.deleted.reason}.`,
      { remedy: 'Import it again from an export, or choose another version.' },
    );
  throw new PerennialError('NOT_FOUND', `Model "${model}" has no version or alias "${choice}".`, {
    remedy: `GET /v1/models?model=${model} lists its versions.`,
  });
}
