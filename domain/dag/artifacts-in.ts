import type { ArtifactRef } from '../../contracts/artifacts.ts';
import type { Json } from '../../contracts/json.ts';

/** The artifacts that a value names, wherever they stand in it. */
export function artifactsIn(value: Json): ArtifactRef[] {
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return value.flatMap(artifactsIn);
  const { uri, sha256, bytes } = value as Record<string, Json>;
  if (typeof uri === 'string' && uri.startsWith('artifact:') && typeof sha256 === 'string')
    return [{ uri, sha256, bytes: Number(bytes ?? 0) }];
  return Object.values(value).flatMap(artifactsIn);
}
