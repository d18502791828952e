import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fileArtifactStore, fileCheckpointStore, fileDocumentFiles } from '../../storage/artifacts/file.ts';
import { fileLake } from '../../storage/lake/file.ts';
import { artifactConformance, checkpointConformance } from './artifacts.ts';
import { documentFileConformance } from './documents.ts';
import { lakeConformance } from './lake.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'perennial-conformance-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('artifacts in files', () => {
  artifactConformance(
    () => fileArtifactStore(join(folder, 'artifacts')),
    ({ sha256 }) => writeFileSync(join(folder, 'artifacts', sha256.slice(0, 2), sha256), 'changed'),
  );
});

describe('files of documents', () => {
  documentFileConformance(() => fileDocumentFiles(join(folder, 'documents')));
});

describe('checkpoints in files', () => {
  checkpointConformance(() => fileCheckpointStore(join(folder, 'checkpoints')));
});

describe('the lake in a folder', () => {
  lakeConformance(() => fileLake(join(folder, 'lake')));

  it('writes nothing beside its folder', async () => {
    const lake = fileLake(join(folder, 'inner', 'lake'));
    await lake.replace('d', { market: '../../..' }, async () => ({ rows: 0 }));
    expect(await lake.list('d')).toHaveLength(1);
  });
});
