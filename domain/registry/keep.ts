import { PerennialError } from '../../contracts/errors.ts';
import type { ModelReference, ModelVersion } from '../../contracts/models.ts';
import type { ArtifactStore } from '../ports/artifacts.ts';
import type { ModelRepository, ModelRetention } from '../ports/models.ts';
import type { AliasPolicy } from './policy.ts';

const dayMs = 86_400_000;
/** A file that was stored within this time may belong to a step that has not told of it yet. */
const graceMs = dayMs;

/** What removing versions needs. */
export interface Keeping {
  readonly models: Pick<ModelRepository, 'get'>;
  readonly modelRetention: ModelRetention;
  readonly artifacts: Pick<ArtifactStore, 'remove'>;
  readonly policy: AliasPolicy;
  /** Days for which what served or was used by runs is kept. */
  readonly historyDays: number;
  readonly now: Date;
}

const keepOf = ({ historyDays, policy, now }: Keeping) => ({
  since: new Date(now.getTime() - historyDays * dayMs),
  protected: Object.keys(policy),
});

/** What keeps a version from being removed; see {@link ModelRetention.references}. */
export function referencesTo(keeping: Keeping, version: ModelVersion): Promise<ModelReference[]> {
  return keeping.modelRetention.references(version, keepOf(keeping));
}

/**
 * Removes a version that nothing refers to, with the files that no other version has. Its record stays, marked as deleted: the
 * history speaks of it, and its number is not given again.
 *
 * @throws NOT_FOUND; CONFLICT with everything that refers to it in `fields`.
 */
export async function deleteVersion(
  keeping: Keeping,
  { model, version, by, reason }: { model: string; version: number; by: string; reason: string },
): Promise<void> {
  const found = await keeping.models.get(model, version);
  if (!found)
    throw new PerennialError('NOT_FOUND', `Model "${model}" has no version ${version}.`, {
      remedy: `GET /v1/models?model=${model} lists its versions.`,
    });
  const kept = await remove(keeping, found, by, reason);
  if (kept.length > 0)
    throw new PerennialError(
      'CONFLICT',
      `Version ${version} of model "${model}" is still needed: ${kept.map(({ why }) => why).join('; ')}.`,
      {
        fields: kept.map(({ kind, id, why }) => ({ field: kind, value: id, message: why })),
        remedy: `Move its aliases; runs and history keep it for ${keeping.historyDays} days (PERENNIAL_MODEL_HISTORY_DAYS).`,
      },
    );
  await removeFiles(keeping);
}

/**
 * Removes versions older than `days` that nothing refers to, and files whose removal broke off. Any number of processes may do
 * this at any time.
 *
 * @param days null: versions stay until somebody deletes them.
 * @returns what was removed.
 */
export async function forgetVersions(keeping: Keeping, days: number | null): Promise<ModelVersion[]> {
  const gone: ModelVersion[] = [];
  const old =
    days === null ? [] : await keeping.modelRetention.madeBefore(new Date(keeping.now.getTime() - days * dayMs));
  for (const version of old) {
    const kept = await remove(keeping, version, 'retention', `older than ${days} days, and nothing refers to it`);
    if (kept.length === 0) gone.push(version);
  }
  await removeFiles(keeping);
  return gone;
}

function remove(keeping: Keeping, version: ModelVersion, by: string, reason: string): Promise<ModelReference[]> {
  const deletion = { at: keeping.now.toISOString(), by, reason };
  return keeping.modelRetention.remove(version, keepOf(keeping), deletion);
}

/** Removes the files of deleted versions that nothing names any more. */
async function removeFiles({ modelRetention, artifacts, now }: Keeping): Promise<void> {
  for (const version of await modelRetention.withFilesToRemove()) {
    const refs = new Map([version.artifact, ...version.files].map((ref) => [ref.sha256, ref]));
    const named = new Set(await modelRetention.stillNamed([...refs.keys()]));
    const unless = new Date(now.getTime() - graceMs);
    let isDone = true;
    for (const [sha256, ref] of refs) {
      if (named.has(sha256)) continue;
      // One that was stored since belongs to somebody else, or is looked at again when it has aged.
      isDone = (await artifacts.remove(ref, unless)) && isDone;
    }
    if (isDone) await modelRetention.filesRemoved(version, now);
  }
}
