import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { perennial } from '../support/perennial.ts';

let home: string;
let source: string;
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'perennial-ingest-command-'));
  source = join(home, 'till.csv');
  const rows = Array.from(
    { length: 40 },
    (_, i) => `B${i};A${i % 3};Käse ${i % 3};${i === 5 ? 'zwei' : 2};31.01.2026;4,50;K${i % 4};DE\n`,
  );
  writeFileSync(
    source,
    Buffer.from(`Beleg;Artikel;Bezeichnung;Menge;Datum;Betrag;Kunde;Land\n${rows.join('')}`, 'latin1'),
  );
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

const run = (...args: string[]) => perennial(['ingest', ...args], { PERENNIAL_HOME: join(home, 'perennial') });

describe('perennial ingest offers', () => {
  it('proposes a mapping, tries it without writing, and takes the file in by it', async () => {
    const suggested = await run('offers', '--source', source, '--suggest-mapping');
    expect(suggested).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('Betrag is taken for the amount of the whole line'),
    });
    const mapping = join(home, 'mapping.json');
    writeFileSync(mapping, suggested.stdout);

    const tried = await run('offers', '--source', source, '--mapping', mapping, '--dry-run', '--rows', '6');
    expect(tried.code).toBe(0);
    expect(tried.stdout).toMatch(/B0 +A0 +Käse 0 +2 +2026-01-31 00:00:00 +2\.25 +K0 +DE/);
    expect(tried.stdout).toContain('bad: Menge "zwei" is not a number');
    expect(tried.stdout).toContain('39 good rows');
    expect(tried.stdout).toContain('Nothing was written.');
    expect(readdirSync(home)).not.toContain('perennial');

    const { code, stdout } = await run('offers', '--source', source, '--mapping', mapping, '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      rows: 39,
      quarantined: 1,
      reasons: [{ reason: 'Menge … is not a number', rows: 1 }],
      markets: ['DE'],
    });
  });

  it('says what is wrong with a mapping, by its field, and with its file', async () => {
    const mapping = join(home, 'wrong.json');
    const wanted = JSON.parse((await run('offers', '--source', source, '--suggest-mapping')).stdout) as {
      columns: object;
    };
    const cases: [string, string[]][] = [
      [
        JSON.stringify({ ...wanted, columns: { ...wanted.columns, price: { colunm: 'Betrag' } } }),
        ['mapping.columns.price', 'mapping-schema'],
      ],
      [JSON.stringify({ ...wanted, where: '(select 1) > 0' }), ['mapping.where', 'subquery']],
      ['{"columns": ', ['is not JSON']],
    ];
    for (const [text, told] of cases) {
      writeFileSync(mapping, text);
      const { code, stderr } = await run('offers', '--source', source, '--mapping', mapping);
      expect(code).toBe(2);
      for (const part of told) expect(stderr).toContain(part);
    }
    const missing = await run('offers', '--source', source, '--mapping', join(home, 'none.json'));
    expect(missing).toMatchObject({ code: 2, stderr: expect.stringContaining('cannot be read: ENOENT') });
  });

  it('takes in customers’ documents, and tells which cannot be read', async () => {
    const documents = join(home, 'documents');
    mkdirSync(join(documents, 'K1'), { recursive: true });
    writeFileSync(join(documents, 'K1', 'notes.txt'), 'We use red mugs.');
    writeFileSync(join(documents, 'K1', 'menu.pdf'), 'not a PDF');
    const { code, stdout } = await run('offers', '--documents', documents);
    expect(code).toBe(0);
    expect(stdout).toContain('1 new or changed documents of 1 customers: 1 sentences');
    expect(stdout).toContain('K1/menu.pdf: The file is no readable PDF');
    const again = await run('offers', '--documents', documents, '--max-bad-documents', '0.1');
    expect(again).toMatchObject({ code: 2, stderr: expect.stringContaining('1 of 2') });
  });

  it('prints the schema of mappings, by which other tools judge them as we do', async () => {
    const { stdout } = await run('mapping-schema');
    const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(JSON.parse(stdout));
    const page = readFileSync(new URL('../../docs/how-to/ingest-sales.md', import.meta.url), 'utf8');
    const block = [...page.matchAll(/```json\n(.*?)```/gs)]
      .map((found) => found[1] ?? '')
      .find((json) => json.includes('household_id'));
    expect(validate(JSON.parse(block ?? ''))).toBe(true);
    expect(validate({ columns: { invoice: 'a' } })).toBe(false);
  });
});
