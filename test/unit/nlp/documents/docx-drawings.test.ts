import { describe, expect, it } from 'vitest';
import { Zip } from '../../../../domain/nlp/documents/zip.ts';
import { docx, paragraph, runOf } from '../../../support/docx.ts';
import { parseStrictly, shout } from './support.ts';

const limits = { entries: 100, part: 1e6, total: 1e7 };
const a = 'http://schemas.openxmlformats.org/drawingml/2006/main';
const c = 'http://schemas.openxmlformats.org/drawingml/2006/chart';
const office = 'application/vnd.openxmlformats-officedocument.drawingml';

/** A part of its own in a Word document, translated. */
async function part(type: string, content: string, body = '') {
  const name = 'word/parts/part1.xml';
  const { bytes, segments } = await shout('docx', docx(body, {}, [{ name, content, type }]));
  const xml = Buffer.from(new Zip(bytes, limits).read(name) ?? []).toString('utf8');
  parseStrictly(xml);
  return { xml, segments };
}

/** The body of a document, translated. */
async function body(content: string) {
  const { bytes, segments } = await shout('docx', docx(content));
  const xml = Buffer.from(new Zip(bytes, limits).read('word/document.xml') ?? []).toString('utf8');
  parseStrictly(xml);
  return { xml: xml.replace(/^[\s\S]*?<w:body>|<w:sectPr\/>[\s\S]*$/g, ''), segments };
}

const chart = (content: string, prefix = 'c:') =>
  `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n<${prefix}chartSpace xmlns${prefix && ':c'}="${c}" xmlns:a="${a}" xmlns:r="urn:r">${content}</${prefix}chartSpace>`;
const points = (...values: string[]) =>
  `<c:ptCount val="${values.length}"/>${values.map((value, i) => `<c:pt idx="${i}"><c:v>${value}</c:v></c:pt>`).join('')}`;
const run = (text: string, format = '') => `<a:r>${format}<a:t>${text}</a:t></a:r>`;

describe('charts in Word', () => {
  const title = (inner: string) =>
    `<c:title><c:tx><c:rich><a:bodyPr/><a:lstStyle/><a:p><a:pPr><a:defRPr sz="1400"/></a:pPr>${inner}</a:p></c:rich></c:tx></c:title>`;
  const series = (name: string, categories: string) =>
    `<c:ser><c:idx val="0"/><c:tx><c:strRef><c:f>Sheet1!$B$1</c:f><c:strCache>${name}</c:strCache></c:strRef></c:tx><c:cat>${categories}</c:cat><c:val><c:numRef><c:f>Sheet1!$B$2:$B$3</c:f><c:numCache><c:formatCode>General "pieces"</c:formatCode>${points('1.5', '2')}</c:numCache></c:numRef></c:val></c:ser>`;
  const strings = (inner: string) =>
    `<c:strRef><c:f>Sheet1!$A$2:$A$3</c:f><c:strCache>${inner}</c:strCache></c:strRef>`;

  it('have titles, series and categories translated, and nothing else', async () => {
    const words = (heading: string, name: string, ...categories: string[]) =>
      chart(title(heading) + series(points(name), strings(points(...categories, '2011'))));
    const { xml, segments } = await part(
      `${office}.chart+xml`,
      words(
        run('Sales', '<a:rPr lang="en-US" b="1"/>') + run(' a year', '<a:rPr lang="en-US" b="1" dirty="0"/>'),
        'Red &amp; old',
        'Cars',
      ),
      paragraph('Text'),
    );
    expect(segments).toEqual(['Text', 'Sales a year', 'Red & old', 'Cars']);
    expect(xml).toBe(words(run('SALES A YEAR', '<a:rPr lang="de-DE" b="1"/>'), 'RED &amp; OLD', 'CARS'));
  });

  it('keep the numbers of categories, and translate those of several levels', async () => {
    const numbers = `<c:numRef><c:f>A</c:f><c:numCache><c:formatCode>yyyy</c:formatCode>${points('40909')}</c:numCache></c:numRef>`;
    const levels = (...names: string[]) =>
      `<c:multiLvlStrRef><c:f>A</c:f><c:multiLvlStrCache><c:ptCount val="1"/>${names.map((name) => `<c:lvl><c:pt idx="0"><c:v>${name}</c:v></c:pt></c:lvl>`).join('')}</c:multiLvlStrCache></c:multiLvlStrRef>`;
    const literal = (name: string) =>
      `<c:ser><c:tx><c:v>${name}</c:v></c:tx><c:trendline><c:name>${name} line</c:name></c:trendline></c:ser>`;
    const given = (spring: string, year: string, name: string) =>
      chart(series(points('12'), numbers) + series(points(''), levels(spring, year)) + literal(name));
    const { xml, segments } = await part(`${office}.chart+xml`, given('Spring', 'Year one', 'a'));
    expect(segments).toEqual(['Spring', 'Year one', 'a', 'a line']);
    expect(xml).toBe(given('SPRING', 'YEAR ONE', 'A').replace('A line', 'A LINE'));
  });

  it('keep formats, links, fields and line ends of their texts', async () => {
    const link = '<a:rPr b="1"><a:hlinkClick r:id="rId1"/></a:rPr>';
    const field = '<a:fld id="{1}" type="VALUE"><a:rPr/><a:t>[VALUE]</a:t></a:fld>';
    const given = (one: string, two: string, three: string) =>
      chart(title(`${run(one)}${run(two, link)}${field}<a:br/>${run(three)}<a:endParaRPr lang="en-US"/>`));
    const { xml, segments } = await part(`${office}.chart+xml`, given('See the ', 'manual', 'Below'));
    expect(segments).toEqual(['See the ·manual··', 'Below']);
    expect(xml).toBe(given('SEE THE ', 'MANUAL', 'BELOW'));
  });

  it('are read whatever prefix they use, and in the newer format', async () => {
    const plain = (text: string) => chart(`<ser><tx><v>${text}</v></tx></ser>`, '');
    expect(await part(`${office}.chart+xml`, plain('Cars'))).toEqual({ xml: plain('CARS'), segments: ['Cars'] });
    const newer = (name: string, text: string, point: string) =>
      `<cx:chartSpace xmlns:cx="http://schemas.microsoft.com/office/drawing/2014/chartex" xmlns:a="${a}"><cx:chartData><cx:data id="0"><cx:strDim type="cat"><cx:f>A</cx:f><cx:lvl ptCount="1"><cx:pt idx="0">${point}</cx:pt></cx:lvl></cx:strDim><cx:numDim><cx:lvl><cx:pt idx="0">7</cx:pt></cx:lvl></cx:numDim></cx:data></cx:chartData><cx:chart><cx:title><cx:tx><cx:rich><a:p>${run(text)}</a:p></cx:rich></cx:tx></cx:title><cx:series><cx:tx><cx:txData><cx:f>B</cx:f><cx:v>${name}</cx:v></cx:txData></cx:tx></cx:series></cx:chart></cx:chartSpace>`;
    const { xml, segments } = await part('application/vnd.ms-office.chartex+xml', newer('Cars', 'A title', 'North'));
    expect(segments).toEqual(['North', 'A title', 'Cars']);
    expect(xml).toBe(newer('CARS', 'A TITLE', 'NORTH'));
  });
});

describe('diagrams in Word', () => {
  it('are translated in their data and as they were drawn last, the same way', async () => {
    const text = (inner: string) => `<a:bodyPr/><a:lstStyle/><a:p>${inner}</a:p>`;
    const data = (inner: string) =>
      `<dgm:dataModel xmlns:dgm="urn:dgm" xmlns:a="${a}"><dgm:ptLst><dgm:pt modelId="1"><dgm:prSet phldrT="[Text]"/><dgm:t>${text(inner)}</dgm:t></dgm:pt><dgm:pt modelId="2" type="parTrans"><dgm:t>${text('<a:endParaRPr lang="en-US"/>')}</dgm:t></dgm:pt></dgm:ptLst></dgm:dataModel>`;
    const drawn = (inner: string, alt: string) =>
      `<dsp:drawing xmlns:dsp="urn:dsp" xmlns:a="${a}"><dsp:spTree><dsp:sp modelId="1"><dsp:nvSpPr><dsp:cNvPr id="0" name="Shape" descr="${alt}"/></dsp:nvSpPr><dsp:txBody>${text(inner)}</dsp:txBody></dsp:sp></dsp:spTree></dsp:drawing>`;
    const file = docx('', {}, [
      { name: 'word/diagrams/data1.xml', content: data(run('Plan')), type: `${office}.diagramData+xml` },
      { name: 'word/diagrams/layout1.xml', content: data(run('Never')), type: `${office}.diagramLayout+xml` },
      {
        name: 'word/diagrams/drawing1.xml',
        content: drawn(run('Plan'), 'A step'),
        type: 'application/vnd.ms-office.drawingml.diagramDrawing+xml',
      },
    ]);
    const { bytes, segments } = await shout('docx', file);
    expect([...segments].sort()).toEqual(['A step', 'Plan', 'Plan']);
    const zip = new Zip(bytes, limits);
    const read = (name: string) => Buffer.from(zip.read(`word/diagrams/${name}1.xml`) ?? []).toString();
    expect(read('data')).toBe(data(run('PLAN')));
    expect(read('drawing')).toBe(drawn(run('PLAN'), 'A STEP'));
    expect(read('layout')).toBe(data(run('Never')));
  });
});

describe('alternative texts in Word', () => {
  const picture = (attributes: string, inner = '') =>
    `<w:r><w:drawing><wp:inline xmlns:wp="urn:wp"><wp:docPr id="1" name="Picture 1" ${attributes}/>${inner}</wp:inline></w:drawing></w:r>`;

  it('are translated where they stand, within text that is translated around them', async () => {
    const text = (words: string) => runOf(words, '').replace(' w:rsidR="00AB"', '');
    const given = (before: string, first: string, second: string, behind: string) =>
      `<w:p>${text(before)}${picture(`title="${first}" descr="${second}"`)}${text(behind)}</w:p>`;
    const { xml, segments } = await body(given('See ', 'Map', 'A &quot;big&quot; map &lt;1:5&gt;', ' there'));
    expect(segments).toEqual(['See · there', 'Map', 'A "big" map <1:5>']);
    expect(xml).toBe(given('SEE ', 'MAP', 'A &quot;BIG&quot; MAP &lt;1:5&gt;', ' THERE'));
  });

  it('keep their lines and their quotes', async () => {
    const given = (one: string, other: string) => `<w:p>${picture(`descr='${one}&#10;&#10;${other}'`)}</w:p>`;
    const { xml, segments } = await body(given('Bob&apos;s car', 'Made by a program'));
    expect(segments).toEqual(["Bob's car", 'Made by a program']);
    expect(xml).toBe(given('BOB&#39;S CAR', 'MADE BY A PROGRAM'));
  });

  it('are no names of files, and no other attributes', async () => {
    const given = `<w:p>${picture('descr="C:\\img\\car.PNG" mc:title="no" title=""')}</w:p>`;
    expect(await body(given)).toEqual({ xml: given, segments: [] });
    const tricky = (alt: string) => `<w:p>${picture(`hint="say descr='x'" descr="${alt}"`)}</w:p>`;
    expect(await body(tricky('A car'))).toEqual({ xml: tricky('A CAR'), segments: ['A car'] });
  });

  it('are those of tables, of shapes, and of old drawings too', async () => {
    const given = (table: string, shape: string, old: string, boxed: string) =>
      `<w:tbl><w:tblPr><w:tblCaption w:val="${table}"/><w:tblDescription w:val='${table} of all'/></w:tblPr><w:tr><w:tc><w:p/></w:tc></w:tr></w:tbl><w:p><w:r><mc:AlternateContent><mc:Choice Requires="wps"><wps:cNvPr id="2" name="Box" descr="${shape}"/></mc:Choice><mc:Fallback><w:pict><v:shape xmlns:v="urn:v" alt="${old}" o:title="car" xmlns:o="urn:o"><v:textbox><w:txbxContent><w:p><w:r><w:t xml:space="preserve">${boxed}</w:t></w:r></w:p></w:txbxContent></v:textbox></v:shape></w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>`;
    const { xml, segments } = await body(given('Prices', 'A box', 'An old box', 'In it'));
    expect(segments).toEqual(['Prices', 'Prices of all', 'A box', 'An old box', 'In it']);
    expect(xml).toBe(given('PRICES', 'A BOX', 'AN OLD BOX', 'IN IT').replace('PRICES of all', 'PRICES OF ALL'));
  });
});

it('a chart that is damaged is told with its part and line', async () => {
  await expect(part(`${office}.chart+xml`, '<c:chartSpace>\n<c:x>')).rejects.toMatchObject({
    code: 'SOURCE_INVALID',
    message: expect.stringMatching(/word\/parts\/part1\.xml, line 2/),
    remedy: expect.any(String),
  });
});
