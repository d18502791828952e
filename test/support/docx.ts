import { type ZipPart, zipOf } from './zip.ts';

const w = 'http://schemas.openxmlformats.org/wordprocessingml/2006/main';
const kind = 'application/vnd.openxmlformats-officedocument.wordprocessingml';

/** A part of WordprocessingML as Word writes it. */
export function wordPart(root: string, content: string): string {
  return `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n<w:${root} xmlns:w="${w}" xmlns:r="urn:r" xmlns:mc="urn:mc" xmlns:wps="urn:wps" xmlns:m="urn:m">${content}</w:${root}>`;
}

/**
 * A Word document of a body and other parts (`header`, `footnotes`, …), each the content of its root.
 *
 * @param more parts as they are, with the content types they say.
 */
export function docx(
  body: string,
  others: Readonly<Record<string, readonly [root: string, content: string]>> = {},
  more: readonly (ZipPart & { readonly type?: string })[] = [],
): Buffer {
  const overrides = [
    ...Object.keys(others).map((name) => [`word/${name}1.xml`, `${kind}.${name}+xml`]),
    ...more.flatMap(({ name, type }) => (type === undefined ? [] : [[name, type]])),
  ]
    .map(([name, type]) => `<Override PartName="/${name}" ContentType="${type}"/>`)
    .join('');
  const types = `<?xml version="1.0"?><Types xmlns="urn:t"><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="${kind}.document.main+xml"/>${overrides}</Types>`;
  return zipOf([
    { name: '[Content_Types].xml', content: types },
    { name: 'word/document.xml', content: wordPart('document', `<w:body>${body}<w:sectPr/></w:body>`) },
    ...Object.entries(others).map(([name, [root, content]]) => ({
      name: `word/${name}1.xml`,
      content: wordPart(root, content),
    })),
    ...more,
  ]);
}

/** A paragraph of runs: texts, or texts with the XML of their properties. */
export function paragraph(...runs: readonly (string | readonly [text: string, properties: string])[]): string {
  return `<w:p><w:pPr><w:pStyle w:val="Normal"/></w:pPr>${runs
    .map((run) => (typeof run === 'string' ? runOf(run, '') : runOf(run[0], run[1])))
    .join('')}</w:p>`;
}

export function runOf(text: string, properties: string): string {
  const format = properties === '' ? '' : `<w:rPr>${properties}</w:rPr>`;
  return `<w:r w:rsidR="00AB">${format}<w:t xml:space="preserve">${text}</w:t></w:r>`;
}
