import { SaxesParser } from 'saxes';
import type { DocumentFormat } from '../../../../contracts/document-formats.ts';
import type { OpenOptions } from '../../../../domain/nlp/documents/document.ts';
import { openDocument } from '../../../../domain/nlp/documents/index.ts';
import { restore } from '../../../../domain/nlp/markup/index.ts';
import { placeholderPattern } from '../../../../domain/nlp/text/index.ts';

/** A document whose texts are in capitals, and what was translated in it, with a `·` for each tag or variable. */
export async function shout(
  format: DocumentFormat,
  content: string | Uint8Array,
  options: Partial<OpenOptions> = {},
): Promise<{ bytes: Buffer; text: string; segments: string[]; kept: number; warnings: readonly string[] }> {
  const document = await openDocument(format, Buffer.from(content), { target: 'de', ...options });
  const translations = document.segments.map((masked) => restore(masked.text.toUpperCase(), masked).text);
  const { bytes, warnings } = await document.write(translations);
  const marks = new RegExp(placeholderPattern, 'gu');
  return {
    bytes: Buffer.from(bytes),
    text: Buffer.from(bytes).toString('utf8'),
    segments: document.segments.map(({ text }) => text.replaceAll(marks, '·')),
    kept: document.kept,
    warnings,
  };
}

/** Throws for what is not well-formed XML. */
export function parseStrictly(xml: string): void {
  const parser = new SaxesParser({ xmlns: true });
  parser.on('error', (error) => {
    throw error;
  });
  parser.write(xml).close();
}
