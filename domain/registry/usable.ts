import type { ModelVersion } from '../../contracts/models.ts';

/** Whether a version can be used for a day: its format is read, and all it has seen (`asOf` of its lineage) lies before. */
export function isUsableOn({ formatVersion, lineage }: ModelVersion, format: number, asOf: string): boolean {
  return formatVersion === format && String(lineage['asOf'] ?? '') <= asOf;
}
