import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { po } from 'gettext-parser';
import { describe, expect, it } from 'vitest';
import { readPo, writePo } from '../../../../domain/nlp/formats/index.ts';
import { all, chunks, pages, written } from './support.ts';

const pair = { sourceLanguage: 'en', targetLanguage: 'fr' };

const sample = `# French
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"
"Plural-Forms: nplurals=2; plural=(n > 1);\\n"

#. Label of a button
#: src/a.c:10
msgctxt "menu"
msgid "Open"
msgstr "Ouvrir"
#, c-format
msgid "%d file\\n"
msgid_plural "%d files\\n"
msgstr[0] "%d fichier\\n"
msgstr[1] "%d fichiers\\n"

msgid "broken" here
msgstr "cassé"

msgid "not closed
msgstr "pas fermé"

msgid "Say \\"hello\\"\\tto "
"everyone"
msgstr ""
"Dites « bonjour » à "
"tous"

#, fuzzy
#| msgid "Old"
msgid "Guess"
msgstr "Devine"

msgid "Not translated"
msgstr ""

#~ msgid "Gone"
#~ msgstr "Parti"

msgid "No translation"

stray line
msgid "After a stray line"
msgstr "x"

msgid "Last"
msgstr "Dernier"`;

it('reads messages with contexts and plural forms, and says what is wrong at which line', async () => {
  const { rows, lines, faults } = await all(readPo(chunks(sample), { ...pair, domain: 'ui' }));
  expect(rows.map(({ source, target, context }) => [source, target, context])).toEqual([
    ['Open', 'Ouvrir', 'menu'],
    ['%d file\n', '%d fichier\n', ''],
    ['%d files\n', '%d fichiers\n', 'plural'],
    ['Say "hello"\tto everyone', 'Dites « bonjour » à tous', ''],
    ['Last', 'Dernier', ''],
  ]);
  expect(rows[0]).toMatchObject({ note: 'Label of a button', domain: 'ui' });
  expect(lines).toEqual([9, 13, 13, 24, 47]);
  expect(faults.map(({ line }) => line)).toEqual([18, 21, 41, 43]);
  expect(faults[2]?.reason).toBe('the entry has no msgstr');
});

it('takes fuzzy messages only when asked to', async () => {
  const { rows } = await all(readPo(chunks(sample), { ...pair, fuzzy: true }));
  expect(rows).toContainEqual(expect.objectContaining({ source: 'Guess', target: 'Devine' }));
});

it('reads the encoding that the header names', async () => {
  const latin = Buffer.from(sample.replace('UTF-8', 'ISO-8859-1'), 'latin1');
  expect(await all(readPo(chunks(latin), pair))).toEqual(await all(readPo(chunks(sample), pair)));
});

it('writes what other readers of PO read', async () => {
  const { rows } = await all(readPo(chunks(sample), pair));
  const text = await written(writePo(pages(rows, 2), pair));
  expect((await all(readPo(chunks(text), pair))).rows.map((r) => ({ ...r, domain: '' }))).toEqual(rows);
  const { translations, headers } = po.parse(text, { validation: true });
  expect(headers).toMatchObject({ Language: 'fr' });
  expect(translations['menu']?.['Open']?.msgstr).toEqual(['Ouvrir']);
});

const real = fileURLToPath(new URL('../../../../../shared/data/jupyterlab/fr.po', import.meta.url));
if (!existsSync(real)) console.warn(`Skipped: the real messages are not at ${real}.`);

describe.skipIf(!existsSync(real))('the messages of JupyterLab', () => {
  it('are all read, as gettext-parser reads the whole file', async () => {
    const bytes = readFileSync(real);
    const { rows, faults } = await all(readPo(chunks(bytes, 50_000), pair));
    expect(faults).toEqual([]);
    const read = new Map(rows.map(({ source, context, target }) => [`${context}|${source}`, target]));
    const { translations } = po.parse(bytes.toString(), { validation: false });
    let compared = 0;
    for (const [context, messages] of Object.entries(translations)) {
      for (const { msgid, msgstr = [], comments } of Object.values(messages)) {
        if (msgid === '' || !msgstr[0] || comments?.flag?.includes('fuzzy')) continue;
        expect(read.get(`${context}|${msgid}`)).toBe(msgstr[0]);
        compared += 1;
      }
    }
    expect(compared).toBeGreaterThan(2000);
  });
});
