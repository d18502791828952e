import type { ModelVersion } from '../../contracts/models.ts';

const artifact = { uri: `artifact:sha256:${'a'.repeat(64)}`, sha256: 'a'.repeat(64), bytes: 1 };

/** A version as the registry tells it; what is not given is empty. */
export function modelVersion(given: Partial<ModelVersion> = {}): ModelVersion {
  return {
    id: `${given.model ?? 'm'}-${given.version ?? 1}`,
    model: 'm',
    version: 1,
    formatVersion: 1,
    artifact,
    files: [{ name: 'model', ...(given.artifact ?? artifact) }],
    signature: null,
    facts: null,
    metrics: {},
    lineage: {},
    runId: 'r',
    createdAt: '2026-06-01T00:00:00.000Z',
    description: '',
    labels: {},
    aliases: [],
    deleted: null,
    ...given,
  };
}
