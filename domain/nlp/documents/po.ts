import type { Masked } from '../markup/index.ts';
import { type OpenDocument, type OpenOptions, refuseOtherTarget, textSegment } from './document.ts';
import { decodeText } from './encoding.ts';
import { pluralForms } from './plural-forms.ts';
import { type PoMessage, quoteText, readPoFile } from './po-file.ts';

/** A message to be translated, and where its segments are. */
interface Work {
  readonly message: PoMessage;
  readonly singular: number | null;
  readonly plural: number | null;
}

/**
 * A gettext PO file or template: fills msgstr, of plural messages every form. Comments, references, flags, order and all
 * other lines stay as they are.
 *
 * - A message with a translation keeps it, unless `existing` is `replace`.
 * - A `fuzzy` message has none that anyone confirmed: it is translated anew, and loses the flag and its `#|` lines.
 * - Of plural messages the first form translates msgid, all others msgid_plural; where the target has one form only, that is
 *   msgid_plural's. How many there are is what the header says, else the rule of the language, which the header then gets.
 * - The header gets the language of the target, and loses the flag too: programs leave a fuzzy header out.
 *
 * @throws SOURCE_INVALID naming the line that is no PO.
 */
export function openPo(bytes: Uint8Array, { target, encoding, existing = 'keep' }: OpenOptions): OpenDocument {
  const head = Buffer.from(bytes.subarray(0, 4_096)).toString('latin1');
  const decoded = decodeText(bytes, encoding, /\bcharset=([\w.:-]{1,40})/i.exec(head)?.[1]);
  const end = decoded.text.includes('\r\n') ? '\r\n' : '\n';
  const lines = decoded.text.split(/\r\n|\n/);
  const messages = readPoFile(lines);
  const header = messages.find(({ id }) => id.value === '');
  const headerText = header?.translations[0]?.value ?? '';
  const segments: Masked[] = [];
  const add = (text: string): number | null => {
    const segment = textSegment(text);
    return segment === null ? null : segments.push(segment) - 1;
  };
  const works: Work[] = [];
  let kept = 0;
  for (const message of messages) {
    const { id, plural, translations, flags } = message;
    if (message === header) continue;
    const done = translations.every(({ value }) => value !== '') && !flags.has('fuzzy');
    if (done && existing === 'keep') kept++;
    else works.push({ message, singular: add(id.value), plural: plural && add(plural.value) });
  }
  if (kept > 0) refuseOtherTarget(/^Language:[ \t]*(\S{1,64})/im.exec(headerText)?.[1] ?? '', target);
  const stated = /nplurals\s*=\s*(\d)/.exec(headerText)?.[1];
  const forms = stated === undefined ? pluralForms(target).forms : Number(stated);
  return {
    segments,
    kept,
    write(translations) {
      const replaced = new Map<number, { readonly to: number; readonly lines: readonly string[] }>();
      const put = (from: number, to: number, text: readonly string[]) => replaced.set(from, { to, lines: text });
      const unflag = ({ flags, flagLines }: PoMessage) => {
        if (!flags.has('fuzzy')) return;
        for (const line of flagLines) put(line, line + 1, withoutFuzzy(lines[line] as string));
      };
      const textOf = (at: number | null, source: string) => (at === null ? source : (translations[at] ?? source));
      for (const { message, singular, plural } of works) {
        const { id, plural: ids, translations: given } = message;
        const one = textOf(singular, id.value);
        const many = ids ? textOf(plural, ids.value) : one;
        const count = Math.max(1, forms);
        const text = ids
          ? Array.from({ length: count }, (_, i) => quoteText(`msgstr[${i}]`, i === 0 && count > 1 ? one : many)).flat()
          : quoteText('msgstr', one);
        put(given[0]?.from ?? 0, given.at(-1)?.to ?? 0, text);
        for (const line of message.previousLines) put(line, line + 1, []);
        unflag(message);
      }
      if (header) unflag(header);
      const old = header?.translations[0];
      if (old) put(old.from, old.to, quoteText('msgstr', withLanguage(old.value, target)));
      let text: string[] = [];
      for (let at = 0; at < lines.length; ) {
        const one = replaced.get(at);
        for (const line of one ? one.lines : [lines[at] as string]) text.push(line);
        at = one ? one.to : at + 1;
      }
      const { bytes: written, changed } = decoded.encode(text.join(end));
      if (!changed) return { bytes: written, warnings: [] };
      // What the header says of the encoding must be true.
      text = text.map((line) => line.replace(/\bcharset=[\w.:-]{1,40}/i, 'charset=UTF-8'));
      return {
        bytes: Buffer.from(text.join(end), 'utf8'),
        warnings: [`${decoded.encoding} does not have all characters of the translation; the file is UTF-8 now`],
      };
    },
  };
}

/** A line of flags without that one; no line when it has no other. */
function withoutFuzzy(line: string): string[] {
  const flags = line
    .replace(/^\s*#,/, '')
    .split(',')
    .map((flag) => flag.trim())
    .filter((flag) => flag !== 'fuzzy' && flag !== '');
  return flags.length === 0 ? [] : [`#, ${flags.join(', ')}`];
}

/** The header for a language: its code, and how it counts where the header does not say. */
function withLanguage(header: string, target: string): string {
  const language = target.replaceAll('-', '_');
  const charset = header.replace(/\bcharset=CHARSET\b/, 'charset=UTF-8');
  const set = (text: string, name: string, value: string): string => {
    const line = new RegExp(`^${name}:.*$`, 'im');
    return line.test(text) ? text.replace(line, `${name}: ${value}`) : `${text}${name}: ${value}\n`;
  };
  const named = set(charset, 'Language', language);
  return /nplurals\s*=\s*\d/.test(named) ? named : set(named, 'Plural-Forms', pluralForms(target).header);
}
