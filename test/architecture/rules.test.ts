import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
let tree: string;

beforeEach(() => {
  tree = mkdtempSync(join(tmpdir(), 'perennial-architecture-'));
  for (const name of ['.dependency-cruiser.mjs', 'architecture.json', 'tsconfig.json'])
    writeFileSync(join(tree, name), readFileSync(join(root, name)));
});
afterEach(() => rmSync(tree, { recursive: true }));

/** Names of the rules that a tree of these files breaks, checked as CI checks the project. */
async function brokenBy(files: Readonly<Record<string, string>>): Promise<string[]> {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(tree, dirname(path)), { recursive: true });
    writeFileSync(join(tree, path), text);
  }
  const folders = [...new Set(Object.keys(files).map((path) => path.split('/')[0] ?? ''))];
  const script = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  const args = [script, '--config', '.dependency-cruiser.mjs', '--output-type', 'json', ...folders];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: tree }).catch((e) => e);
  const { summary } = JSON.parse(stdout) as { summary: { violations: { rule: { name: string } }[] } };
  return summary.violations.map((v) => v.rule.name);
}

const value = 'export const x = 1;\n';

describe('architecture.json', () => {
  it.each([
    ['layer-domain', 'domain/recommend/a.ts', 'storage/postgres/b.ts'],
    ['layer-domain', 'domain/nlp/a.ts', 'pipelines/offers/b.ts'],
    ['layer-contracts', 'contracts/a.ts', 'domain/dag/b.ts'],
    ['layer-config', 'config/a.ts', 'domain/dag/b.ts'],
    ['layer-api', 'api/routes/a.ts', 'storage/postgres/b.ts'],
    ['layer-api', 'api/routes/a.ts', 'activities/b.ts'],
    ['layer-workflows', 'workflows/a.ts', 'domain/nlp/b.ts'],
    ['layer-activities', 'activities/a.ts', 'storage/lake/b.ts'],
    ['layer-pipelines', 'pipelines/offers/a.ts', 'engines/duckdb/b.ts'],
    ['pipelines-never-each-other', 'pipelines/offers/a.ts', 'pipelines/translation/b.ts'],
    ['dag-and-events-never-ml', 'domain/dag/a.ts', 'domain/nlp/b.ts'],
    ['ml-never-dag-and-events', 'domain/recommend/a.ts', 'domain/dag/b.ts'],
    ['layer-storage', 'storage/lake/a.ts', 'engines/duckdb/b.ts'],
    ['engines-never-each-other', 'engines/duckdb/a.ts', 'engines/spark/b.ts'],
  ])('%s refuses that %s imports %s', async (rule, from, to) => {
    const up = '../'.repeat(from.split('/').length - 1);
    const broken = await brokenBy({ [from]: `export { x } from '${up}${to}';\n`, [to]: value });
    expect(broken).toContain(rule);
  });

  it('refuses cycles and imports that lead nowhere', async () => {
    const broken = await brokenBy({
      'domain/dag/a.ts': "import { x } from './b.ts';\nexport const y = () => x;\n",
      'domain/dag/b.ts': "import { y } from './a.ts';\nexport const x = () => y;\n",
      'domain/dag/c.ts': "export * from './gone.ts';\n",
    });
    expect(broken).toEqual(expect.arrayContaining(['no-cycles', 'resolvable']));
  });

  it('lets those wire that are there for it', async () => {
    const broken = await brokenBy({
      'workers/a.ts': "export { x } from '../storage/postgres/b.ts';\n",
      'api/server.ts': "export { x } from '../storage/postgres/b.ts';\n",
      'storage/postgres/b.ts': value,
    });
    expect(broken).toEqual([]);
  });
});
