import { type GetTextTranslation, po } from 'gettext-parser';
import type { MemoryEntryContent } from '../../../contracts/language-data.ts';
import { type Line, readLines } from './lines.ts';
import {
  type Bytes,
  checked,
  limits,
  type Read,
  type ReadOptions,
  type TranslationRow,
  translationFault,
} from './rows.ts';

export interface PoOptions extends ReadOptions {
  /** Whether entries marked `fuzzy`, which nobody has confirmed, are taken. Default false: they are left out. */
  readonly fuzzy?: boolean;
}

/**
 * Reads translations of gettext PO, entry by entry (each by gettext-parser), so that a broken one costs itself only.
 *
 * - The msgctxt is the context; extracted comments (`#.`) are the note.
 * - Of a message with plural forms, `msgstr[0]` translates the msgid and the last form the msgid_plural, which has the
 *   context `<msgctxt>|plural`; forms between them are left out: they have no source text of their own.
 * - Left out without being faults: the header, obsolete entries (`#~`), entries not translated (an empty msgstr), and
 *   fuzzy ones.
 */
export async function* readPo(bytes: Bytes, options: PoOptions): AsyncGenerator<Read<TranslationRow>[]> {
  let entry: Line[] = [];
  let size = 0;
  let state: 'before' | 'context' | 'id' | 'translation' = 'before';
  let isFirst = true;
  const finish = (): Read<TranslationRow>[] => {
    const lines = entry;
    const isTooLong = size > limits.record;
    entry = [];
    size = 0;
    state = 'before';
    if (isTooLong)
      return [{ line: lines[0]?.number ?? 1, reason: `the entry has more than ${limits.record} characters` }];
    if (!lines.some(({ text }) => text.trim() !== '' && !text.trimStart().startsWith('#'))) return [];
    const read = readEntry(lines, options, isFirst);
    isFirst = false;
    return read;
  };
  for await (const lines of readLines(bytes, options.encoding)) {
    if (!Array.isArray(lines)) {
      yield [lines];
      continue;
    }
    const read: Read<TranslationRow>[] = [];
    for (const line of lines) {
      const text = line.text.trimStart();
      const keyword = /^(msgctxt|msgid_plural|msgid|msgstr)\b/.exec(text)?.[1];
      const begins =
        text === '' ||
        (text.startsWith('#') && state === 'translation') ||
        (keyword === 'msgctxt' && state !== 'before') ||
        (keyword === 'msgid' && (state === 'id' || state === 'translation'));
      if (begins && entry.length > 0) read.push(...finish());
      if (text === '') continue;
      size += line.text.length;
      // What is too long is not kept, only measured.
      if (size <= limits.record) entry.push(line);
      if (keyword === 'msgctxt') state = 'context';
      else if (keyword === 'msgid') state = 'id';
      else if (keyword === 'msgstr') state = 'translation';
    }
    yield read;
  }
  yield finish();
}

/** A comment, or a text in quotes behind a keyword or alone: what the parser reads without a fault. */
const wellFormed = /^\s*(#|((msgctxt|msgid|msgid_plural|msgstr(\[\d+\])?)\s*)?"[^"\\]*(?:\\.[^"\\]*)*"\s*$)/;

function readEntry(lines: readonly Line[], options: PoOptions, isFirst: boolean): Read<TranslationRow>[] {
  const first = lines.find(({ text }) => !text.trimStart().startsWith('#'))?.number ?? lines[0]?.number ?? 1;
  const text = lines.map((line) => line.text).join('\n');
  const stray = lines.find(({ text: line }) => !wellFormed.test(line));
  if (stray) {
    const what = /^\s*(msg\w+(\[\d+\])?\s*)?"/.test(stray.text)
      ? 'the quotes do not fit together'
      : 'not a keyword of PO';
    return [{ line: stray.number, reason: `${what}: ${stray.text.trim().slice(0, 60)}` }];
  }
  if (!lines.some(({ text: line }) => /^\s*msgstr\b/.test(line))) {
    return lines.some(({ text: line }) => /^\s*msg/.test(line))
      ? [{ line: first, reason: 'the entry has no msgstr' }]
      : [{ line: first, reason: 'a text in quotes belongs to no keyword' }];
  }
  // The parser wants to know from the header how many forms there are.
  const forms = lines.filter(({ text: line }) => /^\s*msgstr\[/.test(line)).length;
  const header = forms === 0 ? '' : `msgid ""\nmsgstr "Plural-Forms: nplurals=${forms};\\n"\n`;
  let message: GetTextTranslation | undefined;
  try {
    const { translations } = po.parse(header + text, { validation: true });
    for (const context of Object.values(translations)) for (const found of Object.values(context)) message = found;
  } catch (error) {
    return [{ line: first, reason: (error as Error).message.slice(0, 300) }];
  }
  // Only obsolete messages.
  if (!message) return [];
  const { msgid, msgid_plural: plural, msgctxt: context = '', msgstr = [], comments } = message;
  if (msgid === '') return isFirst || context !== '' ? [] : [{ line: first, reason: 'the msgid is empty' }];
  const flags = (comments?.flag ?? '').split(/[,\n]/).map((flag) => flag.trim());
  if (flags.includes('fuzzy') && options.fuzzy !== true) return [];
  const row = (source: string, target: string, of: string): Read<TranslationRow>[] => {
    if (target === '') return [];
    const { domain = '' } = options;
    const note = comments?.extracted ?? '';
    return [checked(first, { source, target, context: of, domain, note }, translationFault)];
  };
  const singular = row(msgid, msgstr[0] ?? '', context);
  if (plural === undefined || msgstr.length < 2) return singular;
  return [...singular, ...row(plural, msgstr.at(-1) ?? '', context === '' ? 'plural' : `${context}|plural`)];
}

/** Writes gettext PO, UTF-8. Entries with the context that {@link readPo} gives plural forms become messages of their own. */
export async function* writePo(
  entries: AsyncIterable<readonly MemoryEntryContent[]>,
  { targetLanguage }: { readonly targetLanguage: string },
): AsyncGenerator<string> {
  const language = targetLanguage.replaceAll('-', '_');
  const headers = `Language: ${language}\\n"\n"MIME-Version: 1.0\\n"\n"Content-Type: text/plain; charset=UTF-8\\n"\n"Content-Transfer-Encoding: 8bit\\n`;
  yield `msgid ""\nmsgstr ""\n"${headers}"\n`;
  for await (const page of entries) {
    let text = '';
    for (const { source, target, context, note } of page) {
      const message = {
        msgid: source,
        msgstr: [target],
        ...(context === '' ? {} : { msgctxt: context }),
        ...(note === '' ? {} : { comments: { extracted: note } }),
      } as GetTextTranslation;
      const compiled = po.compile({ charset: 'utf-8', headers: {}, translations: { x: { y: message } } }).toString();
      // The library writes whole files: what it puts before the message is a header.
      text += `\n${compiled.slice(compiled.indexOf('\n\n') + 2)}`;
    }
    yield text;
  }
}
