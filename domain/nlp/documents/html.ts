import { segmentHtml } from '../markup/index.ts';
import { hasWords, type OpenDocument, type OpenOptions, sourceText } from './document.ts';
import { decodeText } from './encoding.ts';

/** How far a charset may stand from the beginning; browsers look at 1,024 bytes. */
const headBytes = 4_096;

/**
 * An HTML page or fragment: blocks and the attributes that people read ({@link segmentHtml}). The `lang` of the page
 * becomes the target. Characters that its encoding does not have become references.
 *
 * @throws SOURCE_INVALID for what is no text, and for elements nested too deep.
 */
export function openHtml(bytes: Uint8Array, { encoding, target }: OpenOptions): OpenDocument {
  const decoded = decodeText(bytes, encoding, charsetOf(bytes));
  const html = segmentHtml(decoded.text);
  const wanted = html.segments.map(hasWords);
  const source = /<html\b[^<>]{0,2000}?\slang\s*=\s*["']?([A-Za-z-]{2,35})/i.exec(decoded.text)?.[1];
  return {
    segments: html.segments.filter((_, i) => wanted[i]),
    kept: 0,
    ...(source === undefined ? {} : { source }),
    write(translations) {
      let next = 0;
      const restored = html.segments.map((segment, i) =>
        wanted[i] ? (translations[next++] ?? '') : sourceText(segment),
      );
      const text = html
        .render(restored)
        .replace(/(<html\b[^<>]{0,2000}?\slang=")[^"]*"/i, (_match, before: string) => `${before}${target}"`);
      return {
        bytes: decoded.encode(text, (char) => `&#${char.codePointAt(0)};`).bytes,
        warnings: [],
      };
    },
  };
}

/** What the page says of its encoding. */
function charsetOf(bytes: Uint8Array): string | undefined {
  const head = Buffer.from(bytes.subarray(0, headBytes)).toString('latin1');
  return (
    /<meta\b[^>]{0,500}?\bcharset\s*=\s*["']?\s*([\w.:-]{1,40})/i.exec(head)?.[1] ??
    /^\s*<\?xml[^>]{0,200}?\bencoding\s*=\s*["']([\w.:-]{1,40})["']/.exec(head)?.[1]
  );
}
