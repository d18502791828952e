import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openDocument } from '../../../../domain/nlp/documents/index.ts';
import { Zip } from '../../../../domain/nlp/documents/zip.ts';
import { restore } from '../../../../domain/nlp/markup/index.ts';
import { placeholderPattern } from '../../../../domain/nlp/text/index.ts';
import { docx, paragraph, runOf } from '../../../support/docx.ts';
import { zipOf } from '../../../support/zip.ts';
import { parseStrictly, shout } from './support.ts';

const limits = { entries: 100, part: 1e6, total: 1e7 };
const bold = '<w:b/>';

/** A part of the translated document, between the tags of its body. */
async function translated(content: Buffer, part = 'word/document.xml') {
  const { bytes, segments } = await shout('docx', content);
  const xml = Buffer.from(new Zip(bytes, limits).read(part) ?? []).toString('utf8');
  parseStrictly(xml);
  return { xml: xml.replace(/^[\s\S]*?<w:body>|<w:sectPr\/>[\s\S]*$/g, ''), segments, bytes };
}

const run = (text: string, properties = '') => runOf(text, properties).replace(' w:rsidR="00AB"', '');

describe('paragraphs of Word', () => {
  it('are translated as whole sentences, however many runs they have', async () => {
    const { xml, segments } = await translated(
      docx(paragraph('The red ', 'ca', ['r', '<w:lang w:val="en-US"/>'], ' is old.') + '<w:p/><w:p><w:pPr/></w:p>'),
    );
    expect(segments).toEqual(['The red car is old.']);
    expect(xml).toBe(
      `<w:p><w:pPr><w:pStyle w:val="Normal"/></w:pPr>${run('THE RED CAR IS OLD.')}</w:p><w:p/><w:p><w:pPr/></w:p>`,
    );
  });

  it('keep formats, which are tags only where they differ from the most common one', async () => {
    const { xml, segments } = await translated(
      docx(
        paragraph(['Press ', bold], ['OK', `${bold}<w:i/>`], [' &amp; wait for it', bold]) +
          paragraph('a', ['b', bold]),
      ),
    );
    expect(segments).toEqual(['Press ·OK· & wait for it', 'a·b·']);
    expect(xml).toContain(run('PRESS ', bold) + run('OK', `${bold}<w:i/>`) + run(' &amp; WAIT FOR IT', bold));
    expect(xml).toContain(run('A') + run('B', bold));
  });

  it('say the language of the translation where a run says one', async () => {
    const { xml } = await translated(docx(paragraph(['Hello', '<w:lang w:val="en-US" w:eastAsia="ja-JP"/>'])));
    expect(xml).toContain(run('HELLO', '<w:lang w:val="de-DE" w:eastAsia="ja-JP"/>'));
  });

  it('keep links, insertions, bookmarks and comments around their words', async () => {
    const link = (inner: string) => `<w:hyperlink r:id="rId7" w:history="1">${inner}</w:hyperlink>`;
    const style = '<w:rStyle w:val="Hyperlink"/>';
    const source = `<w:p>${runOf('See ', '')}<w:bookmarkStart w:id="0" w:name="x"/>${link(runOf('our ', style) + runOf('site', style))}<w:bookmarkEnd w:id="0"/>${runOf(' or ', '')}<w:ins w:id="1" w:author="a">${runOf('ask', '')}</w:ins><w:del w:id="2"><w:r><w:delText>gone</w:delText></w:r></w:del><w:r><w:commentReference w:id="3"/></w:r>${runOf('.', '')}</w:p>`;
    const { xml, segments } = await translated(docx(source));
    expect(segments).toEqual(['See ··our site·· or ·ask···.']);
    expect(xml).toBe(
      `<w:p>${run('SEE ')}<w:bookmarkStart w:id="0" w:name="x"/>${link(run('OUR SITE', style))}<w:bookmarkEnd w:id="0"/>${run(' OR ')}<w:ins w:id="1" w:author="a">${run('ASK')}</w:ins><w:del w:id="2"><w:r><w:delText>gone</w:delText></w:r></w:del><w:r><w:commentReference w:id="3"/></w:r>${run('.')}</w:p>`,
    );
  });

  it('are divided at tabs and line ends', async () => {
    const { xml, segments } = await translated(
      docx(`<w:p><w:r><w:t>Name</w:t><w:tab/><w:t>Price</w:t><w:br/><w:t>12</w:t></w:r></w:p>`),
    );
    expect(segments).toEqual(['Name', 'Price']);
    expect(xml).toBe(
      `<w:p>${run('NAME')}<w:r><w:tab/></w:r>${run('PRICE')}<w:r><w:br/></w:r><w:r><w:t>12</w:t></w:r></w:p>`,
    );
  });

  it('keep computed fields, and translate the texts of links that are fields', async () => {
    const char = (type: string) => `<w:r><w:fldChar w:fldCharType="${type}"/></w:r>`;
    const code = (text: string) => `<w:r><w:instrText xml:space="preserve"> ${text} </w:instrText></w:r>`;
    const field = (what: string, result: string) =>
      char('begin') + code(what) + char('separate') + result + char('end');
    const page = field('PAGE', runOf('three', ''));
    const { xml, segments } = await translated(
      docx(
        `<w:p>${runOf('Page ', '')}${page}${runOf(' of the ', '')}${field('HYPERLINK "u"', runOf('manual', ''))}</w:p>`,
      ),
    );
    expect(segments).toEqual(['Page · of the ·manual·']);
    const link = field('HYPERLINK "u"', run('MANUAL'));
    expect(xml).toBe(`<w:p>${run('PAGE ')}${field('PAGE', run('three'))}${run(' OF THE ')}${link}</w:p>`);
  });

  it('are found in tables, text boxes, content controls, headers, notes and comments', async () => {
    const box = (inner: string) =>
      `<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wps:txbx><w:txbxContent>${inner}</w:txbxContent></wps:txbx></w:drawing></mc:Choice><mc:Fallback><w:pict><w:txbxContent>${inner}</w:txbxContent></w:pict></mc:Fallback></mc:AlternateContent></w:r>`;
    const body = `<w:tbl><w:tr><w:tc>${paragraph('Cell')}</w:tc></w:tr></w:tbl><w:p>${runOf('Before', '')}${box(paragraph('Boxed'))}</w:p><w:sdt><w:sdtPr/><w:sdtContent>${paragraph('Control')}</w:sdtContent></w:sdt>`;
    const file = docx(body, {
      header: ['hdr', paragraph('Top')],
      footnotes: ['footnotes', `<w:footnote w:id="2">${paragraph('Note')}</w:footnote>`],
      comments: ['comments', `<w:comment w:id="3" w:author="Ada">${paragraph('Remark')}</w:comment>`],
    });
    const { segments, bytes } = await translated(file);
    expect(segments).toEqual(['Cell', 'Before', 'Boxed', 'Boxed', 'Control', 'Top', 'Note', 'Remark']);
    const zip = new Zip(bytes, limits);
    const text = (part: string) => Buffer.from(zip.read(`word/${part}1.xml`) ?? []).toString();
    expect([text('header'), text('footnotes'), text('comments')].join()).toMatch(
      /TOP[\s\S]*NOTE[\s\S]*Ada[\s\S]*REMARK/,
    );
    const xml = Buffer.from(zip.read('word/document.xml') ?? []).toString();
    parseStrictly(xml);
    expect(xml.match(/BOXED/g)).toHaveLength(2);
    expect(xml.replaceAll(/BOXED|BEFORE|CELL|CONTROL/g, '')).toContain(
      box(paragraph('')).replaceAll(' w:rsidR="00AB"', ''),
    );
  });

  it('are read whatever prefix the part uses', async () => {
    const ns = 'http://purl.oclc.org/ooxml/wordprocessingml/main';
    const types =
      '<Types><Override PartName="/d.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>';
    const xml = `<x:document xmlns:x="${ns}"><x:body><x:p><x:r><x:t>Hi</x:t></x:r></x:p></x:body></x:document>`;
    const { bytes } = await shout(
      'docx',
      zipOf([
        { name: '[Content_Types].xml', content: types },
        { name: 'd.xml', content: xml },
      ]),
    );
    const written = Buffer.from(new Zip(bytes, limits).read('d.xml') ?? []).toString();
    expect(written).toBe(xml.replace('<x:t>Hi', '<x:t xml:space="preserve">HI'));
  });
});

it('writes all that is not translated byte for byte', async () => {
  const picture = Buffer.from(Array.from({ length: 5000 }, (_, i) => (i * 7919) & 255));
  const parts = [
    { name: 'word/media/a.png', content: picture, stored: true },
    { name: 'word/styles.xml', content: '<w:styles   odd="yes"/>' },
  ];
  const file = docx(`${paragraph('Text')}<w:p w:x='1'  ><w:r ><w:sym w:char="F0B7"/></w:r></w:p>`, {}, parts);
  const { bytes, xml } = await translated(file);
  expect(xml).toContain(`<w:p w:x='1'  ><w:r ><w:sym w:char="F0B7"/></w:r></w:p>`);
  const [before, after] = [new Zip(file, limits), new Zip(bytes, limits)];
  expect(after.names).toEqual(before.names);
  for (const name of after.names.filter((one) => one !== 'word/document.xml'))
    expect(after.read(name)).toEqual(before.read(name));
  const packed = (zip: Buffer) => zip.subarray(zip.indexOf('word/styles.xml'), zip.indexOf('PK\x01\x02'));
  expect(packed(bytes)).toEqual(packed(file));
});

it('stays well-formed, with all that is no text, whatever a model does to the places of tags', async () => {
  const properties = ['', '', bold, '<w:i/>', `${bold}<w:i/>`];
  const inline = fc.oneof(
    fc
      .tuple(fc.constantFrom('The car ', 'is <b>', ' a & {x}', ' 12 ', '\u00a0'), fc.constantFrom(...properties))
      .map(([text, format]) => runOf(text.replaceAll('&', '&amp;').replaceAll('<', '&lt;'), format)),
    fc.constantFrom(
      '<w:r><w:tab/></w:r>',
      '<w:r><w:footnoteReference w:id="1"/></w:r>',
      '<w:bookmarkStart w:id="5"/>',
      '<w:bookmarkEnd w:id="5"/>',
      '<w:r><w:fldChar w:fldCharType="begin"/></w:r>',
      '<w:r><w:instrText>HYPERLINK</w:instrText></w:r>',
      '<w:r><w:fldChar w:fldCharType="separate"/></w:r>',
      '<w:r><w:fldChar w:fldCharType="end"/></w:r>',
    ),
  );
  const wrapped = fc
    .tuple(fc.constantFrom('w:hyperlink', 'w:ins'), fc.array(inline, { maxLength: 4 }))
    .map(([name, inner]) => `<${name} w:id="9">${inner.join('')}</${name}>`);
  const body = fc.array(fc.oneof(inline, wrapped), { maxLength: 12 });
  const kept = /<w:(?:tab|footnoteReference|bookmark\w+|fldChar|instrText|hyperlink|ins)\b[^>]*>/g;
  await fc.assert(
    fc.asyncProperty(body, fc.infiniteStream(fc.nat(99)), async (content, luck) => {
      const file = docx(`<w:p>${content.join('')}</w:p>`);
      const document = await openDocument('docx', file, { target: 'de' });
      const spoilt = document.segments.map((masked) => {
        const characters = [...masked.text].flatMap((char) => {
          const chance = placeholderPattern.test(char) ? luck.next().value : 50;
          return chance < 20 ? [] : chance > 90 ? [char, 'x', char] : [char];
        });
        return restore(characters.join(''), masked).text;
      });
      const { bytes } = await document.write(spoilt);
      const xml = (zip: Uint8Array) => Buffer.from(new Zip(zip, limits).read('word/document.xml') ?? []).toString();
      parseStrictly(xml(Buffer.from(bytes)));
      const sorted = (text: string) => [...text.matchAll(kept)].map(([tag]) => tag).sort();
      expect(sorted(xml(Buffer.from(bytes)))).toEqual(sorted(xml(file)));
    }),
    { seed: 7, numRuns: 300 },
  );
});

describe('hostile documents', () => {
  const refused = (file: Uint8Array) => expect(shout('docx', file)).rejects;

  it('are refused when they are cut, wherever', async () => {
    const file = docx(paragraph('Text'));
    for (let length = 0; length < file.length; length += 13)
      await refused(file.subarray(0, length)).toMatchObject({ code: 'SOURCE_INVALID', remedy: expect.any(String) });
  });

  it('are refused when any byte of a part that is read is changed', async () => {
    const file = docx(paragraph('Some text that is long enough'));
    const at = file.indexOf('word/document.xml') + 40;
    const changed = Buffer.from(file);
    changed[at] = (changed[at] ?? 0) ^ 0xff;
    await refused(changed).toMatchObject({ code: 'SOURCE_INVALID' });
  });

  it('are refused when they unpack to more than the limit, whatever they say', async () => {
    const bomb = Buffer.alloc(70 * 2 ** 20, ' ');
    for (const claimed of [bomb.length, 10, 64 * 2 ** 20]) {
      const file = zipOf([{ name: '[Content_Types].xml', content: bomb, claimed }]);
      await refused(file).toThrow(/larger unpacked|damaged/);
    }
  });

  it('are refused when they have entities, a document type or no end of nesting', async () => {
    const types = new Zip(docx(''), limits).read('[Content_Types].xml') ?? '';
    const withBody = (xml: string) =>
      zipOf([
        { name: '[Content_Types].xml', content: types },
        { name: 'word/document.xml', content: xml },
      ]);
    await refused(withBody('<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><x>&b;</x>')).toThrow(/document type/);
    await refused(withBody('<x>&b;</x>')).toThrow(/word\/document.xml, line 1.*entity/);
    await refused(withBody('<x>'.repeat(600))).toThrow(/500 deep/);
    await refused(withBody('<w:p><w:r></w:p>')).toThrow(/not well-formed/);
  });

  it('say what they are when they are something else', async () => {
    await refused(Buffer.from('no zip at all')).toThrow(/no readable zip archive/);
    await refused(Buffer.from('d0cf11e0a1b11ae1', 'hex')).toThrow(/Word 97 to 2003, or protected by a password/);
    await refused(zipOf([{ name: 'a', content: 'x' }])).toThrow(/no \[Content_Types\]/);
    await refused(zipOf([{ name: '[Content_Types].xml', content: '<Types/>' }])).toThrow(/no Word document/);
    await refused(zipOf([{ name: 'a', content: 'x', flags: 1 }])).toThrow(/password/);
    await refused(
      zipOf([
        { name: 'a', content: 'x' },
        { name: 'a', content: 'y' },
      ]),
    ).toThrow(/two parts/);
  });
});
