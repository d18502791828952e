import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fileArtifactStore, fileCheckpointStore } from '../../storage/artifacts/file.ts';
import { fileLake } from '../../storage/lake/file.ts';
import { artifactCrashConformance, checkpointCrashConformance, lakeCrashConformance } from './crashes.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'perennial-crashes-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('artifacts in files', () => {
  artifactCrashConformance(
    () => fileArtifactStore(join(folder, 'artifacts')),
    ({ sha256 }) => {
      const path = join(folder, 'artifacts', sha256.slice(0, 2), sha256);
      const content = readFileSync(path);
      content[0] = ~(content[0] ?? 0);
      writeFileSync(path, content);
    },
  );
});

describe('checkpoints in files', () => {
  checkpointCrashConformance(
    () => fileCheckpointStore(join(folder, 'checkpoints')),
    (key) => {
      const name = createHash('sha256').update(key).digest('hex');
      writeFileSync(join(folder, 'checkpoints', `${name}.torn`), 'epo');
    },
  );
});

describe('the lake in a folder', () => {
  lakeCrashConformance(() => fileLake(join(folder, 'lake')));

  it.each(['../x', '../../..', '/', '..\\x', '%2e%2e/x'])(
    'touches nothing beside its folder for a market named %j',
    async (market) => {
      const outer = join(folder, 'outer');
      mkdirSync(join(outer, 'x'), { recursive: true });
      writeFileSync(join(outer, 'x', 'mine'), 'mine');
      const lake = fileLake(join(outer, 'lake'));
      await lake.replace('d', { market }, async () => ({ rows: 0 }));
      expect((await lake.list('d')).map((p) => p.partition)).toEqual([{ market }]);
      await lake.remove('d', { market });
      expect(await lake.list('d')).toEqual([]);
      expect(readdirSync(outer).sort()).toEqual(['lake', 'x']);
      expect(readFileSync(join(outer, 'x', 'mine'), 'utf8')).toBe('mine');
    },
  );
});
