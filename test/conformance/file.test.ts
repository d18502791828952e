import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fileArtifactStore, fileCheckpointStore, fileDocumentFiles } from '../../storage/artifacts/file.ts';
import { fileLake } from '../../storage/lake/file.ts';
import { artifactConformance, artifactRemovalConformance, checkpointConformance } from './artifacts.ts';
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
  artifactRemovalConformance(
    () => fileArtifactStore(join(folder, 'artifacts')),
    ({ sha256 }, ms) => {
      const then = new Date(Date.now() - ms);
      utimesSync(join(folder, 'artifacts', sha256.slice(0, 2), sha256), then, then);
    },
  );

  it('leaves no parts behind, and clears out those of processes that died', async () => {
    const parts = join(folder, 'artifacts', 'parts');
    expect(readdirSync(parts)).toEqual([]);
    for (const name of ['dead', 'written']) writeFileSync(join(parts, name), 'half');
    const daysAgo = new Date(Date.now() - 2 * 86_400_000);
    utimesSync(join(parts, 'dead'), daysAgo, daysAgo);
    const stage = fileArtifactStore(join(folder, 'artifacts')).stage();
    await stage.putStream(Readable.from([Buffer.from('x')]));
    await stage.discard();
    expect(readdirSync(parts)).toEqual(['written']);
  });
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
