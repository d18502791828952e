import { mkdir, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ingestDocuments } from '../../../pipelines/offers/documents/ingest.ts';
import { currentDocumentsSql } from '../../../pipelines/offers/documents/table.ts';
import { docx } from '../../support/docx.ts';
import { makePdf } from '../../support/pdf.ts';
import { sql, type Workplace, workplace } from './source.ts';

let place: Workplace;
let folder: string;
let minute = 0;
beforeEach(async () => {
  place = await workplace();
  folder = join(place.base, 'documents');
});
afterEach(() => place.drop());

async function ingest(files: Readonly<Record<string, string | Uint8Array>>, options: { maxBadShare?: number } = {}) {
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
  }
  const now = new Date(Date.UTC(2026, 5, 1, 8, minute++));
  return ingestDocuments({ documents: folder, now, lake: place.lake, sql, ...options });
}

async function query(select: string): Promise<unknown[]> {
  const engine = await sql.open();
  try {
    return (await engine.query(select)).map((row) => Object.values(row).join(' | '));
  } finally {
    await engine.close();
  }
}
const said = async () =>
  query(
    `select customer_id, source, position, sentence, language from ${currentDocumentsSql(await place.lake.list('offers/documents'))} where position >= 0 order by all`,
  );
const refused = async () => {
  const [partition] = await place.lake.list('offers/documents-quarantine');
  return partition ? query(`select customer_id, source, reason from '${partition.uri}' order by all`) : [];
};

describe('documents of customers', () => {
  it('lie in the lake sentence by sentence, whatever their format, with customer, file and language', async () => {
    const report = await ingest({
      '12000.0/notes.txt': 'Wir verwenden täglich die roten Tassen unseres Lieferanten. Rote Teller.',
      '12000.0/web/site.html': '<p>Our guests love these <i>blue</i> mugs every single day.</p>',
      '12001/menu.pdf': makePdf([['Cream mugs']]),
      '12001/letter.docx': docx('<w:p><w:r><w:t>We always have striped tea towels.</w:t></w:r></w:p>'),
      '12002.txt': 'A file of its own is enough for a customer that has only one of them.',
    });
    expect(report).toMatchObject({ documents: 5, unchanged: 0, customers: 3, sentences: 6, quarantined: 0, others: 0 });
    expect(report.languages).toMatchObject({ de: 2 });
    expect((await said()).map((row) => String(row).replace(/ \| [a-z]*$/, ''))).toEqual([
      '12000 | notes.txt | 0 | Wir verwenden täglich die roten Tassen unseres Lieferanten.',
      '12000 | notes.txt | 1 | Rote Teller.',
      '12000 | web/site.html | 0 | Our guests love these blue mugs every single day.',
      '12001 | letter.docx | 0 | We always have striped tea towels.',
      '12001 | menu.pdf | 0 | Cream mugs',
      '12002 | 12002.txt | 0 | A file of its own is enough for a customer that has only one of them.',
    ]);
  });

  it('replace what the same file said before; an emptied file says nothing, and the others stay', async () => {
    await ingest({ 'a/1.txt': 'Red mugs.', 'a/2.txt': 'Blue plates.', 'b/1.txt': 'Green cups. Grey cups.' });
    const again = await ingest({});
    expect(again).toMatchObject({ documents: 0, unchanged: 3, sentences: 0 });
    expect(await place.lake.list('offers/documents')).toHaveLength(1);
    expect(await ingest({ 'a/1.txt': 'Red saucers.', 'b/1.txt': '' })).toMatchObject({ documents: 2, unchanged: 1 });
    await rm(join(folder, 'a', '2.txt'));
    await ingest({});
    expect((await said()).map((row) => String(row).split(' | ').slice(0, 4).join(' '))).toEqual([
      'a 1.txt 0 Red saucers.',
      'a 2.txt 0 Blue plates.',
    ]);
  });

  it('are told one by one when they cannot be read; the good ones count, and what a bad one said before stays', async () => {
    await ingest({ 'a/menu.txt': 'Red mugs.' });
    const report = await ingest({
      'a/menu.txt': Buffer.from([0xff, 0x41, 0x00, 0x80]),
      'a/scan.pdf': makePdf([[]]),
      'a/more.txt': 'Blue mugs.',
      'b/more.txt': 'Blue plates.',
      'b/logo.png': 'PNG',
      'b/.DS_Store': 'x',
    });
    expect(report).toMatchObject({ documents: 2, quarantined: 2, others: 1 });
    expect(report.faults).toEqual([
      { file: 'a/menu.txt', reason: expect.stringMatching(/not valid|no text/) },
      { file: 'a/scan.pdf', reason: 'The PDF has no text: its pages are pictures.' },
    ]);
    expect(await refused()).toEqual(report.faults.map(({ file, reason }) => `${file.replace('/', ' | ')} | ${reason}`));
    expect((await said()).map((row) => String(row).split(' | ')[3])).toEqual([
      'Red mugs.',
      'Blue mugs.',
      'Blue plates.',
    ]);
    await rm(join(folder, 'a', 'scan.pdf'));
    await ingest({ 'a/menu.txt': 'Red cups.' });
    expect(await refused()).toEqual([]);
  });

  it('leave the lake untouched when too many cannot be read', async () => {
    await expect(ingest({ 'a/1.pdf': 'no', 'a/2.pdf': 'no', 'a/3.txt': 'Red mugs.' })).rejects.toMatchObject({
      code: 'QUARANTINE_EXCEEDED',
      message: expect.stringMatching(/2 of 3.*a\/1\.pdf/),
    });
    expect(await place.lake.list('offers/documents')).toEqual([]);
    expect(await place.lake.list('offers/documents-quarantine')).toEqual([]);
    expect(await ingest({}, { maxBadShare: 0.7 })).toMatchObject({ documents: 1, quarantined: 2 });
  });

  it('are told when they are too large, before they are read', async () => {
    await mkdir(join(folder, 'a'), { recursive: true });
    await writeFile(join(folder, 'a', 'huge.txt'), '');
    await truncate(join(folder, 'a', 'huge.txt'), 2 ** 40);
    const report = await ingest({ 'a/1.txt': 'Red mugs.' });
    expect(report.faults).toEqual([{ file: 'a/huge.txt', reason: 'The file has 1048576 MiB, more than 32.' }]);
    expect(report).toMatchObject({ documents: 1, sentences: 1 });
  });

  it('leave the lake as it was when the ingest is stopped', async () => {
    await ingest({ 'a/1.txt': 'Red mugs.' });
    const before = await said();
    const stop = new AbortController();
    await writeFile(join(folder, 'a', '1.txt'), 'Blue mugs.');
    await writeFile(join(folder, 'a', '2.txt'), 'Blue plates.');
    const stopped = ingestDocuments({
      documents: folder,
      now: new Date(),
      lake: place.lake,
      sql,
      signal: stop.signal,
      progress: () => stop.abort(),
    });
    await expect(stopped).rejects.toThrow();
    expect(await said()).toEqual(before);
  });

  it('do not leave their folder by links', async () => {
    await writeFile(join(place.base, 'secret.txt'), 'A secret.');
    await mkdir(join(folder, 'a'), { recursive: true });
    await symlink(join(place.base, 'secret.txt'), join(folder, 'a', 'secret.txt'));
    expect(await ingest({ 'a/1.txt': 'Red mugs.' })).toMatchObject({ documents: 1, sentences: 1 });
  });

  it('are refused when there are none', async () => {
    await expect(ingest({})).rejects.toMatchObject({
      code: 'SOURCE_INVALID',
      message: expect.stringContaining('does not exist'),
    });
    await expect(ingest({ 'a/logo.png': 'x' })).rejects.toMatchObject({
      code: 'SOURCE_INVALID',
      message: expect.stringContaining('There is no document'),
    });
  });
});
