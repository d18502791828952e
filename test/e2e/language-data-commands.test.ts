import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type OpenApi, openApi } from '../api/support.ts';
import { type Ended, perennial } from '../support/perennial.ts';

const home = mkdtempSync(join(tmpdir(), 'perennial-memories-'));
let api: OpenApi;
let env: Record<string, string>;
const run = (...args: string[]): Promise<Ended> => perennial(args, env);

beforeAll(async () => {
  api = await openApi();
  const url = await api.app.listen({ host: '127.0.0.1', port: 0 });
  env = { PERENNIAL_URL: url, PERENNIAL_API_KEY: api.keys.operator, PERENNIAL_HOME: home };
});
afterAll(async () => {
  await api.close();
  rmSync(home, { recursive: true, force: true });
});

it('takes a memory from a file through its versions to its end', async () => {
  const [file, out] = [join(home, 'shop.tsv'), join(home, 'shop.tmx')];
  writeFileSync(file, 'source\ttarget\tdomain\nCart\tWarenkorb\tshop\nbroken\nCheckout\tKasse\tshop\n');
  expect((await run('memories')).stdout).toBe('None. `create` makes one, `import` fills it.\n');
  expect((await run('memories', 'create', 'shop', '--pair', 'en-de', '--name', 'Shop')).stdout).toBe(
    'The memory shop is made: en → de.\n',
  );
  expect((await run('memories', 'import', 'shop', file)).stdout).toBe(
    'shop.tsv: 3 rows: 2 added, 1 faulty; version 1.\n  line 3: the row has 1 column; source and target are needed\n',
  );
  const again = JSON.parse((await run('memories', 'import', 'shop', file, '--json')).stdout);
  expect(again).toMatchObject({ version: null, counts: { unchanged: 2, faulty: 1 } });
  expect((await run('memories', 'faults', 'shop', again.id)).stdout).toMatch(/^line\treason\n3\tthe row has 1 column/);
  expect((await run('memories', 'search', 'shop', 'WARENK')).stdout).toMatch(/\n\d+ +Cart +Warenkorb +shop +1\n/);

  writeFileSync(file, 'Cart;Einkaufswagen\n');
  await run('memories', 'import', 'shop', file, '--format', 'csv', '--mode', 'replace');
  expect((await run('memories', 'diff', 'shop', '--from', '1')).stdout).toBe(
    'Version 1 to 2: 0 added, 1 removed, 1 changed.\n- Cart → Warenkorb\n+ Cart → Einkaufswagen\n- Checkout → Kasse\n',
  );
  expect((await run('memories', 'show', 'shop')).stdout).toMatch(/^Shop \(shop\): en → de, version 2, 1 entries\n/);
  expect((await run('memories', 'export', 'shop', '--version', '1', '--out', out)).stdout).toContain('is in');
  expect(readFileSync(out, 'utf8')).toContain('<seg>Warenkorb</seg>');
  expect((await run('memories', 'export', 'shop', '--format', 'tsv')).stdout).toBe(
    'source\ttarget\tdomain\tnote\tcontext\nCart\tEinkaufswagen\t\t\t\n',
  );
  expect((await run('memories', 'rm', 'shop')).code).toBe(0);
  expect(await run('memories', 'show', 'shop')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('no memory'),
  });
  expect(await run('memories', 'import', 'shop', file)).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('no memory'),
  });
  expect(await run('memories', 'import', 'shop', join(home, 'none.tmx'))).toMatchObject({ code: 2 });
}, 180_000);

it('does the same for glossaries', async () => {
  const file = join(home, 'terms.csv');
  writeFileSync(file, 'source,target,forbidden\nsteering wheel,Lenkrad,\nsteering wheel,Steuer,yes\n');
  await run('glossaries', 'create', 'cars', '--pair', 'en-US:de-AT', '--domain', 'cars');
  expect((await run('glossaries', 'import', 'cars', file)).stdout).toBe('terms.csv: 2 rows: 2 added; version 1.\n');
  expect((await run('glossaries', 'add', 'cars', 'brake', 'Bremse', '--reason', 'new')).stdout).toBe(
    'brake → Bremse stands in cars from version 2 on.\n',
  );
  expect((await run('glossaries', 'export', 'cars', '--format', 'tbx')).stdout).toContain('deprecatedTerm-admn-sts');
  expect(JSON.parse((await run('glossaries', 'ls', '--json')).stdout)).toMatchObject({
    glossaries: [{ id: 'cars', source: 'en-US', target: 'de-AT', entries: 3 }],
  });
  expect(await run('glossaries', 'create', 'x', '--pair', 'en-US-de')).toMatchObject({ code: 2 });
}, 180_000);
