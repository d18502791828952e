import type { TObject } from 'typebox';
import type { ArtifactRef } from '../../contracts/artifacts.ts';
import { PerennialError } from '../../contracts/errors.ts';
import type { ModelFile } from '../../contracts/models.ts';
import type { RolloutPlan } from '../../contracts/rollouts.ts';
import type { ArtifactStore } from '../ports/artifacts.ts';

/** A kind of model that this code makes and reads; a pipeline names those it publishes. */
export interface ModelKind {
  /** Name in the registry; one that ends with `*` stands for all that begin so. */
  readonly name: string;
  /** Version of the form in which it is stored. */
  readonly formatVersion: number;
  /** Whether the daily lists of markets are made with it. */
  readonly makesLists?: boolean;
  /** Settings by which models of the kind are served, each with its default. Absent: they cannot be configured. */
  readonly settings?: TObject;
  /** How its versions are brought in, as far as that differs from the default of its sort. */
  readonly rollout?: Partial<RolloutPlan>;
  /** Opens a model as far as its form can be told, and says which other files it needs. MODEL_FORMAT when it can't be read. */
  readonly parts: (
    artifacts: Pick<ArtifactStore, 'getBytes'>,
    artifact: ArtifactRef,
  ) => Promise<readonly ArtifactRef[]>;
}

/** The kinds of models that pipelines publish. */
export function kindsOf(pipelines: Iterable<{ readonly models?: readonly ModelKind[] }>): ModelKind[] {
  return [...pipelines].flatMap(({ models = [] }) => models);
}

/** The kind of a model; null when no pipeline here makes one. */
export function kindOf(kinds: readonly ModelKind[], model: string): ModelKind | null {
  const fits = ({ name }: ModelKind): boolean =>
    name.endsWith('*') ? model.startsWith(name.slice(0, -1)) : model === name;
  return kinds.find(fits) ?? null;
}

/**
 * Checks that this code reads a version, and that all files it needs are there.
 *
 * @returns whether it was checked: not without a kind.
 * @throws MODEL_FORMAT
 */
export async function checkVersion(
  kinds: readonly ModelKind[],
  artifacts: Pick<ArtifactStore, 'getBytes'>,
  {
    model,
    formatVersion,
    artifact,
    files,
  }: { model: string; formatVersion: number; artifact: ArtifactRef; files: readonly ModelFile[] },
): Promise<boolean> {
  const kind = kindOf(kinds, model);
  if (!kind) return false;
  const fault = (message: string, cause?: unknown) =>
    new PerennialError('MODEL_FORMAT', `Model "${model}" ${message}.`, {
      fields: [{ field: 'formatVersion', value: formatVersion, message }],
      remedy: 'Train it again with this code, or use the code that made it.',
      ...(cause === undefined ? {} : { cause }),
    });
  if (formatVersion !== kind.formatVersion)
    throw fault(`has format ${formatVersion}; this code reads format ${kind.formatVersion}`);
  let missing: ArtifactRef | undefined;
  try {
    const parts = await kind.parts(artifacts, artifact);
    missing = parts.find(({ sha256 }) => !files.some((file) => file.sha256 === sha256));
  } catch (error) {
    // Content that is not what its format says makes the code that reads it throw these.
    if (error instanceof SyntaxError || error instanceof TypeError || error instanceof RangeError)
      throw fault('is damaged, or not what its format says', error);
    throw error;
  }
  if (missing) throw fault(`needs a file of the hash ${missing.sha256}, which is not among its files`);
  return true;
}
