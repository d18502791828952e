import { invalid } from './document.ts';

/** A text of a message, which may stand in several lines. */
export interface PoText {
  readonly value: string;
  /** Its lines, from the one with the keyword on; `to` is the first line behind it. */
  readonly from: number;
  readonly to: number;
}

/** A message of a PO file that is not obsolete. */
export interface PoMessage {
  readonly id: PoText;
  readonly plural: PoText | null;
  /** msgstr, or msgstr[0], msgstr[1], … in their order. */
  readonly translations: readonly PoText[];
  readonly flags: ReadonlySet<string>;
  /** Lines of flags (`#,`) and of what the message was before (`#|`). */
  readonly flagLines: readonly number[];
  readonly previousLines: readonly number[];
}

const keyword = /^(msgctxt|msgid_plural|msgid|msgstr(?:\[(\d{1,2})\])?)[ \t]*(?=")/;

/**
 * Reads the lines of a gettext PO file into its messages, the header (msgid "") among them.
 *
 * @throws SOURCE_INVALID naming the line that is no PO.
 */
export function readPoFile(lines: readonly string[]): PoMessage[] {
  const messages: PoMessage[] = [];
  let entry: Draft = draft();
  const finish = (line: number): void => {
    const { id, plural, translations, flags, flagLines, previousLines, begun } = entry;
    entry = draft();
    if (!begun) return;
    if (!id || translations.length === 0) {
      throw invalid(
        `Line ${line}: the message has no ${id ? 'msgstr' : 'msgid'}.`,
        'Correct the file; `msgfmt -c` checks it.',
      );
    }
    messages.push({ id, plural, translations, flags, flagLines, previousLines });
  };
  for (let at = 0; at < lines.length; ) {
    const line = (lines[at] as string).trim();
    if (line === '') {
      finish(at);
      at++;
    } else if (line.startsWith('#')) {
      // Comments belong to the message behind them.
      if (entry.translations.length > 0) finish(at);
      if (line.startsWith('#,')) {
        entry.flagLines.push(at);
        for (const flag of line.slice(2).split(',')) entry.flags.add(flag.trim());
      } else if (line.startsWith('#|')) entry.previousLines.push(at);
      at++;
    } else {
      const match = keyword.exec(line);
      if (!match) throw wrong(at, line);
      const name = match[1] as string;
      if (entry.translations.length > 0 && !name.startsWith('msgstr')) finish(at);
      const text = readText(lines, at, match[0].length);
      entry.begun = true;
      if (name === 'msgid') entry.id = text;
      else if (name === 'msgid_plural') entry.plural = text;
      else if (name !== 'msgctxt') {
        if (name !== 'msgstr' && Number(match[2]) !== entry.translations.length) throw wrong(at, line);
        entry.translations.push(text);
      }
      at = text.to;
    }
  }
  finish(lines.length);
  return messages;
}

interface Draft {
  begun: boolean;
  id: PoText | null;
  plural: PoText | null;
  readonly translations: PoText[];
  readonly flags: Set<string>;
  readonly flagLines: number[];
  readonly previousLines: number[];
}

function draft(): Draft {
  return {
    begun: false,
    id: null,
    plural: null,
    translations: [],
    flags: new Set(),
    flagLines: [],
    previousLines: [],
  };
}

/** The text that begins behind a keyword, and goes on in the lines behind it that are texts alone. */
function readText(lines: readonly string[], from: number, behind: number): PoText {
  let value = unquote((lines[from] as string).trim().slice(behind), from);
  let to = from + 1;
  for (; to < lines.length && (lines[to] as string).trimStart().startsWith('"'); to++)
    value += unquote((lines[to] as string).trim(), to);
  return { value, from, to };
}

const escapes: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
  '"': '"',
  '\\': '\\',
};

function unquote(text: string, line: number): string {
  if (!/^"[^"\\]*(?:\\.[^"\\]*)*"$/.test(text)) throw wrong(line, text);
  return text
    .slice(1, -1)
    .replace(/\\(?:([0-7]{1,3})|x([0-9a-fA-F]{1,2})|(.))/g, (whole, octal?: string, hex?: string, char?: string) => {
      if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8));
      if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
      return escapes[char as string] ?? whole;
    });
}

/** The lines of a text behind its keyword: in one line, or a line for each that the text has. */
export function quoteText(name: string, text: string): string[] {
  const parts = text.match(/[^\n]*\n|[^\n]+$/g) ?? [''];
  const quoted = parts.map((part) => `"${[...part].map(escaped).join('')}"`);
  return quoted.length === 1 ? [`${name} ${quoted[0]}`] : [`${name} ""`, ...quoted];
}

const names = new Map(Object.entries(escapes).map(([name, char]) => [char, name]));

function escaped(char: string): string {
  const name = names.get(char);
  return name === undefined ? char : `\\${name}`;
}

function wrong(line: number, text: string): Error {
  return invalid(
    `Line ${line + 1} is no PO: ${text.slice(0, 60)}`,
    'Correct the line; `msgfmt -c` checks the whole file.',
  );
}
