import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ModelVersion } from '../../contracts/models.ts';
import { type OpenApi, openApi } from '../api/support.ts';
import { type Answered, commandOn } from '../support/command.ts';
import { publishTranslation } from '../support/registry.ts';

let api: OpenApi;
let perennial: (...args: string[]) => Promise<Answered>;
const folder = mkdtempSync(join(tmpdir(), 'perennial-models-'));
const model = 'translation-en-de';

const run = (...args: string[]): Promise<Answered> => perennial('models', ...args);
const done = async (...args: string[]): Promise<string> => {
  const { out, error } = await run(...args);
  expect(error, args.join(' ')).toBe('');
  return out;
};

beforeAll(async () => {
  api = await openApi();
  perennial = await commandOn(api);
  await publishTranslation(api, { runId: 'run-1', bleu: 30, weightBytes: 1000 });
  await publishTranslation(api, { runId: 'run-2', bleu: 31.5, weightBytes: 1000 });
});
afterAll(async () => {
  await api.close();
  rmSync(folder, { recursive: true });
});

describe('perennial models', () => {
  it('promotes with a reason, only from where somebody saw it, and goes back', async () => {
    expect((await run('promote', model, '--version', '1')).error).toContain('--reason');
    const first = ['promote', model, '--version', '1', '--reason', 'the first', '--expect', 'none'];
    expect(await done(...first)).toContain('version 1 is now champion');
    const late = await run('promote', model, '--version', '2', '--reason', 'late', '--expect', '2');
    expect(late.error).toMatch(/^CONFLICT: .* points at version 1, not at version 2/);
    await done('promote', model, '--version', '2', '--reason', 'better in the field', '--expect', '1');
    const back = await done('rollback', model, '--reason', 'worse after all');
    expect(back).toContain('version 1 is champion again, in place of version 2');
    const history = await done('history', model);
    expect(history.trim().split('\n').slice(1)).toEqual([
      expect.stringMatching(/now\s+champion\s+1\s+admin of the test\s+rolled back: worse after all/),
      expect.stringMatching(/champion\s+2\s+admin of the test\s+better in the field/),
      expect.stringMatching(/champion\s+1\s+admin of the test\s+the first/),
    ]);
    const asOperator = await commandOn(api, api.keys.operator);
    expect((await asOperator('models', 'rollback', model, '--reason', 'mine')).error).toMatch(/^FORBIDDEN/);
  });

  it('tells what served when, what a version is, and how two differ', async () => {
    const today = new Date().toISOString().slice(0, 10);
    expect((await done('served', model, '--at', today)).match(/ 100 % /g)).toHaveLength(3);
    expect(await done('served', model, '--at', '2020-01-01')).toBe(
      `No version of ${model} was the champion on 2020-01-01.\n`,
    );
    await done('describe', model, '--version', '2', '--description', 'For the pilot', '--label', 'team=sales');
    const shown = await done('show', model, '--version', '2');
    for (const text of ['version 2', 'For the pilot', 'labels team=sales', 'file tokenizer', '"seed":1'])
      expect(shown).toContain(text);
    await done('describe', model, '--version', '2', '--label', 'team=');
    expect(await done('show', model)).not.toContain('labels');
    const comparison = await done('compare', model);
    expect(comparison).toMatch(/BLEU\s+30\.00\s+31\.50\s+\+1\.50\s+version 2/);
    expect(comparison).toMatch(/file\s+weights/);
  });

  it('writes the card and the version to files, and brings the version in again', async () => {
    const card = join(folder, 'new', 'card.html');
    await done('card', model, '--version', '2', '--out', card);
    expect(readFileSync(card, 'utf8')).toContain('Translation from en to de, version 2');
    expect(await done('card', model)).toMatch(/^http:.*\/versions\/champion\/card\?expires=.*\n {2}until /);
    const file = join(folder, 'new', 'model.tar');
    const exported = JSON.parse(await done('export', model, '--out', file, '--json')) as { version: number };
    expect(exported.version).toBe(1);
    const imported = await done('import', file, '--name', 'translation-de-en', '--json');
    const { version } = JSON.parse(imported) as { version: ModelVersion };
    expect(version).toMatchObject({
      model: 'translation-de-en',
      version: 1,
      lineage: { imported: { model, version: 1 } },
    });
    writeFileSync(file, readFileSync(file).subarray(0, 2000));
    expect((await run('import', file)).error).toMatch(/^SOURCE_INVALID: The archive .* `perennial models export`/);
    expect((await run('import', join(folder, 'none.tar'))).error).toMatch(
      /^SOURCE_INVALID: .*none\.tar cannot be read/,
    );
    expect((await run('export', model, '--version', '9', '--out', join(folder, 'x.tar'))).error).toMatch(/^NOT_FOUND/);
    expect(existsSync(join(folder, 'x.tar'))).toBe(false);
  });

  it('deletes what nothing refers to, and says what does', async () => {
    expect(await done('rm', model, '--version', '1', '--dry-run')).toMatch(/alias\s+champion\s+it is the champion/);
    const refused = await run('rm', model, '--version', '1', '--reason', 'not needed');
    expect(refused.error).toMatch(/^CONFLICT: .*still needed: it is the champion/);
    expect(await done('rm', 'translation-de-en', '--version', '1', '--dry-run')).toContain('Nothing refers to');
    expect((await run('rm', 'translation-de-en', '--version', '1')).error).toMatch(/^VALIDATION_FAILED: .*reason/);
    await done('rm', 'translation-de-en', '--version', '1', '--reason', 'not needed');
    expect(await done('ls', '--model', 'translation-de-en')).toContain('None.');
    expect(await done('ls', '--model', 'translation-de-en', '--deleted')).toMatch(/translation-de-en\s+1\s+deleted/);
    await done('unset', model, '--alias', 'champion', '--reason', 'it is wrong');
    expect(await done('history', model)).toMatch(/now\s+champion\s+none\s+admin of the test\s+it is wrong/);
  });
});
