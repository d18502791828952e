import { expect, it } from 'vitest';
import { readTbx, writeTbx } from '../../../../domain/nlp/formats/index.ts';
import { all, chunks, pages, written } from './support.ts';

const pair = { sourceLanguage: 'en', targetLanguage: 'de' };

const martif = `<?xml version='1.0'?><!DOCTYPE martif SYSTEM "TBXBasiccoreStructV02.dtd">
<martif type="TBX-Basic" xml:lang="en-US"><martifHeader><fileDesc><sourceDesc><p>x</p></sourceDesc></fileDesc></martifHeader>
<text><body>
<termEntry id="c1"><descripGrp><descrip type="subjectField">automotive</descrip></descripGrp>
 <langSet xml:lang="en-US"><tig><term>steering wheel</term><termNote type="partOfSpeech">noun</termNote></tig></langSet>
 <langSet xml:lang="de"><ntig><termGrp><term>Lenkrad</term><termNote type="administrativeStatus">preferredTerm-admn-sts</termNote></termGrp></ntig>
  <tig><term>Steuer</term><termNote type="administrativeStatus">deprecatedTerm-admn-sts</termNote></tig>
  <tig><term>Volant</term><termNote type="administrativeStatus">admittedTerm-admn-sts</termNote></tig></langSet>
</termEntry>
<termEntry id="c2"><langSet xml:lang="en"><tig><term>gear</term></tig></langSet></termEntry>
</body></text></martif>`;

const dca = `<tbx type="TBX-Basic" style="dca" xml:lang="en" xmlns="urn:iso:std:iso:30042:ed-2"><tbxHeader/><text><body>
<conceptEntry id="c1"><descrip type="subjectField">automotive</descrip>
 <langSec xml:lang="en"><termSec><term>steering wheel</term><termNote type="partOfSpeech">noun</termNote></termSec></langSec>
 <langSec xml:lang="de"><termSec><term>Volant</term></termSec>
  <termSec><term>Lenkrad</term><termNote type="administrativeStatus">preferredTerm-admn-sts</termNote></termSec>
  <termSec><term>Steuer</term><termNote type="administrativeStatus">supersededTerm-admn-sts</termNote></termSec></langSec>
</conceptEntry></body></text></tbx>`;

const dct = `<tbx type="TBX-Basic" style="dct" xml:lang="en" xmlns="urn:iso:std:iso:30042:ed-2" xmlns:min="http://www.tbxinfo.net/ns/min" xmlns:basic="http://www.tbxinfo.net/ns/basic"><tbxHeader/><text><body>
<conceptEntry id="c1"><min:subjectField>automotive</min:subjectField>
 <langSec xml:lang="en"><termSec><term>steering wheel</term><min:partOfSpeech>noun</min:partOfSpeech></termSec></langSec>
 <langSec xml:lang="de"><termSec><term>Lenkrad</term><min:administrativeStatus>preferredTerm-admn-sts</min:administrativeStatus></termSec>
  <termSec><term>Volant</term></termSec>
  <termSec><term>Steuer</term><min:administrativeStatus>deprecatedTerm-admn-sts</min:administrativeStatus></termSec></langSec>
</conceptEntry></body></text></tbx>`;

const wheel = {
  source: 'steering wheel',
  partOfSpeech: 'noun',
  domain: 'automotive',
  note: '',
  caseSensitive: false,
};

it.each([
  ['martif of 2008', martif],
  ['ISO 30042:2019 in style DCA', dca],
  ['ISO 30042:2019 in style DCT', dct],
])('reads TBX-Basic, %s: preferred, admitted and deprecated terms', async (_name, text) => {
  const { rows } = await all(readTbx(chunks(text), pair));
  expect(rows).toEqual([
    { ...wheel, target: 'Lenkrad', alternatives: ['Volant'], forbidden: false },
    { ...wheel, target: 'Steuer', alternatives: [], forbidden: true },
  ]);
});

it('says which concept has no term in the language', async () => {
  expect((await all(readTbx(chunks(martif), pair))).faults).toEqual([
    { line: 10, reason: 'no term in de; there is en' },
  ]);
});

it('writes what it reads again', async () => {
  const { rows } = await all(readTbx(chunks(martif), pair));
  const terms = [
    ...rows,
    {
      ...wheel,
      source: 'VIN & <x>',
      target: 'FIN',
      alternatives: [],
      caseSensitive: true,
      forbidden: false,
      note: 'a "note"',
    },
  ];
  const text = await written(writeTbx(pages(terms), { ...pair, title: 'Cars & more' }));
  expect(await all(readTbx(chunks(text), pair))).toMatchObject({ rows: terms, faults: [] });
});
