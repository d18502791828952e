import type { ArtifactRef } from '../../contracts/artifacts.ts';
import type { ModelFile } from '../../contracts/models.ts';

/** The files of a version by their names; `model` is the one that is opened first. */
export function filesOf(
  named: Readonly<Record<string, ArtifactRef | null | undefined>> & { readonly model: ArtifactRef },
): ModelFile[] {
  return Object.entries(named).flatMap(([name, ref]) =>
    ref ? [{ name, uri: ref.uri, sha256: ref.sha256, bytes: ref.bytes }] : [],
  );
}
