import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { breathe } from '../breathe.ts';
import { invalid } from './document.ts';

/** Pages that are read at most. */
const mostPages = 2000;
/** Lines further apart than so many times their height belong to different passages. */
const apart = 1.6;
/** A line that ends before this share of the page's widest one is not continued by the next. */
const full = 0.8;

/** A line of a page; lengths in points. */
interface Line {
  text: string;
  readonly left: number;
  right: number;
  /** Of its base, from below. */
  readonly base: number;
  readonly height: number;
}

/**
 * Passages of a PDF: lines that fill their page's width go on in the next line of the same size right below; a word that a
 * hyphen parts at the end of a line is one word. Read by pdf.js, which runs nothing that is in the file.
 *
 * @throws SOURCE_INVALID for what is no PDF, is damaged, protected by a password, longer than 2,000 pages, or has no text;
 *   CANCELLED on abort.
 */
export async function readPdf(bytes: Uint8Array, signal: AbortSignal): Promise<string[]> {
  const { getDocument, VerbosityLevel } = await import('pdfjs-dist/legacy/build/pdf.mjs');
  const own = dirname(createRequire(import.meta.url).resolve('pdfjs-dist/package.json'));
  const task = getDocument({
    // A copy: what is handed over is taken away.
    data: Uint8Array.from(bytes),
    cMapUrl: join(own, 'cmaps/'),
    standardFontDataUrl: join(own, 'standard_fonts/'),
    isEvalSupported: false,
    disableFontFace: true,
    useSystemFonts: false,
    verbosity: VerbosityLevel.ERRORS,
  });
  try {
    const pdf = await task.promise;
    if (pdf.numPages > mostPages)
      throw invalid(`The PDF has ${pdf.numPages} pages, more than ${mostPages}.`, 'Divide it into several.');
    const passages: string[] = [];
    for (let number = 1; number <= pdf.numPages; number++) {
      await breathe(signal);
      const page = await pdf.getPage(number);
      const { items } = await page.getTextContent();
      passages.push(...passagesOf(linesOf(items.filter((item) => 'str' in item))));
      page.cleanup();
    }
    if (passages.length === 0)
      throw invalid(
        'The PDF has no text: its pages are pictures.',
        'Have the text recognised (OCR), and save it again.',
      );
    return passages;
  } catch (error) {
    const name = (error as Error).name;
    if (name === 'PasswordException')
      throw invalid('The PDF is protected by a password.', 'Save it without a password.', error);
    if (['InvalidPDFException', 'FormatError', 'UnknownErrorException'].includes(name))
      throw invalid('The file is no readable PDF: it is damaged or cut.', 'Export it again.', error);
    throw error;
  } finally {
    await task.destroy();
  }
}

interface Item {
  readonly str: string;
  /** The last two are left and base. */
  readonly transform: readonly number[];
  readonly width: number;
  readonly height: number;
  readonly hasEOL: boolean;
}

function linesOf(items: readonly Item[]): Line[] {
  const lines: Line[] = [];
  let line: Line | null = null;
  for (const { str, transform, width, height, hasEOL } of items) {
    const [left = 0, base = 0] = transform.slice(4);
    // What stands beside it at another height is another line, whether or not the file says so.
    if (line && Math.abs(line.base - base) > 0.5 * Math.max(line.height, height) && str.trim() !== '') line = null;
    if (str !== '') {
      if (!line) {
        line = { text: '', left, right: left, base, height };
        lines.push(line);
      }
      line.text += str;
      line.right = Math.max(line.right, left + width);
    }
    if (hasEOL) line = null;
  }
  return lines.filter(({ text }) => text.trim() !== '');
}

function passagesOf(lines: readonly Line[]): string[] {
  const out: string[] = [];
  const right = Math.max(...lines.map((line) => line.right), 0);
  let before: Line | undefined;
  for (const line of lines) {
    const text = line.text.replace(/\s+/g, ' ').trim();
    const last = out.at(-1) ?? '';
    const fits =
      before !== undefined &&
      before.right - before.left >= full * (right - before.left) &&
      Math.abs(before.height - line.height) < 0.1 * line.height &&
      before.base > line.base &&
      before.base - line.base < apart * line.height;
    if (fits && /\p{L}-$/u.test(last) && /^\p{Ll}/u.test(text)) out[out.length - 1] = last.slice(0, -1) + text;
    else if (fits) out[out.length - 1] = `${last} ${text}`;
    else out.push(text);
    before = line;
  }
  return out;
}
