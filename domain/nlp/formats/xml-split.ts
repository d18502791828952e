import { limits, type RowFault } from './rows.ts';

/** What a document holds around and in its records. `text` is as the file has it. */
export type XmlPart =
  | { readonly kind: 'record'; readonly name: string; readonly text: string; readonly line: number }
  /** A tag outside of records. */
  | { readonly kind: 'open'; readonly name: string; readonly text: string; readonly line: number }
  /** `text` is '' for a tag that ends itself. */
  | { readonly kind: 'close'; readonly name: string; readonly text: string; readonly line: number }
  /** Text, comments, instructions and what else stands outside of records. */
  | { readonly kind: 'other'; readonly text: string; readonly line: number }
  | ({ readonly kind: 'fault' } & RowFault);

interface OpenRecord {
  readonly name: string;
  readonly line: number;
  parts: string[];
  length: number;
}

/** What runs until a mark: comments, CDATA, instructions. */
interface Until {
  readonly what: string;
  readonly mark: string;
  readonly line: number;
}

/**
 * Cuts an XML document into its records (`tu`, `trans-unit`, `conceptEntry`, …) without reading what is in them, so that
 * a record that is not well-formed costs itself only and memory is bounded by {@link limits}. Records do not nest. A
 * document type is left out whole: nothing is ever fetched, and declarations of entities are faults, never expanded.
 */
export class XmlSplitter {
  readonly #names: ReadonlySet<string>;
  #rest = '';
  #line = 1;
  #record: OpenRecord | null = null;
  /** A record too long: nothing of it is kept until it ends. */
  #dropping = false;
  #until: Until | null = null;
  #doctype: { line: number; until: string; inSubset: boolean; told: boolean } | null = null;
  #open: string[] = [];
  #tooDeep = false;

  constructor(names: readonly string[]) {
    this.#names = new Set(names);
  }

  write(text: string): XmlPart[] {
    return this.#cut(this.#rest + text, false);
  }

  /** What is left, and what the document leaves open. */
  end(): XmlPart[] {
    const parts = this.#cut(this.#rest, true);
    const open = this.#until ?? (this.#doctype && { what: 'document type', line: this.#doctype.line });
    if (open) parts.push({ kind: 'fault', line: open.line, reason: `the ${open.what} is not closed` });
    if (this.#record) parts.push(this.#unclosed(this.#record, 'before the file ends'));
    else if (this.#open.length > 0 && !open) {
      const reason = `the file ends within <${this.#open.at(-1)}>: it may be cut short`;
      parts.push({ kind: 'fault', line: this.#line, reason });
    }
    return parts;
  }

  #cut(text: string, last: boolean): XmlPart[] {
    const parts: XmlPart[] = [];
    let at = 0;
    const take = (to: number): string => {
      const taken = text.slice(at, to);
      at = to;
      return taken;
    };
    while (at < text.length) {
      if (this.#until) {
        const found = text.indexOf(this.#until.mark, at);
        const end = found >= 0 ? found + this.#until.mark.length : last ? text.length : text.length - 2;
        if (end <= at) break;
        this.#plain(take(end), parts);
        if (found < 0) continue;
        this.#until = null;
      } else if (this.#doctype) {
        const to = this.#inDoctype(text, at, last, parts);
        this.#count(take(to));
        if (this.#doctype && at < text.length) break;
      } else {
        const start = text.indexOf('<', at);
        if (start < 0) {
          this.#plain(take(text.length), parts);
          break;
        }
        if (start > at) this.#plain(take(start), parts);
        if (text.length - start < 9 && !last) break;
        const begins = (mark: string): boolean => text.startsWith(mark, start);
        if (begins('<!--')) this.#enter('comment', '-->', take(start + 4), parts);
        else if (begins('<![CDATA[')) this.#enter('CDATA section', ']]>', take(start + 9), parts);
        else if (begins('<?')) this.#enter('processing instruction', '?>', take(start + 2), parts);
        else if (begins('<!')) {
          this.#doctype = { line: this.#line, until: '', inSubset: false, told: false };
          at = start + 2;
        } else {
          const end = tagEnd(text, start);
          if (end === 'open' && !last && text.length - start <= limits.tag) break;
          if (end === 'open' || end === 'broken' || end - start > limits.tag) this.#brokenTag(take(start + 1), parts);
          else this.#tag(take(end), parts);
        }
      }
    }
    this.#rest = text.slice(at);
    return parts;
  }

  #enter(what: string, mark: string, text: string, parts: XmlPart[]): void {
    this.#until = { what, mark, line: this.#line };
    this.#plain(text, parts);
  }

  /** Text that is not a tag: part of the record that is open, else of what is around. */
  #plain(text: string, parts: XmlPart[]): void {
    if (this.#record) this.#add(this.#record, text, parts);
    else parts.push({ kind: 'other', text, line: this.#line });
    this.#count(text);
  }

  #count(text: string): void {
    for (let i = text.indexOf('\n'); i >= 0; i = text.indexOf('\n', i + 1)) this.#line += 1;
  }

  #add(record: OpenRecord, text: string, parts: XmlPart[]): void {
    if (this.#dropping) return;
    record.length += text.length;
    record.parts.push(text);
    if (record.length <= limits.record) return;
    const reason = `<${record.name}> has more than ${limits.record} characters`;
    parts.push({ kind: 'fault', line: record.line, reason });
    this.#dropping = true;
    record.parts = [];
  }

  #brokenTag(text: string, parts: XmlPart[]): void {
    // In a record its parser says what is wrong.
    if (!this.#record) {
      parts.push({ kind: 'fault', line: this.#line, reason: 'a "<" begins no tag, or one that is not closed' });
    }
    this.#plain(text, parts);
  }

  #tag(text: string, parts: XmlPart[]): void {
    const line = this.#line;
    const closes = text.charCodeAt(1) === 47;
    const name = localName(text, closes ? 2 : 1);
    const empty = text.endsWith('/>');
    if (!this.#names.has(name)) {
      if (this.#record) this.#add(this.#record, text, parts);
      else this.#around(name, closes, empty, text, parts);
    } else if (closes) {
      if (this.#record?.name === name) {
        this.#add(this.#record, text, parts);
        const { parts: kept, line: from } = this.#record;
        if (!this.#dropping) parts.push({ kind: 'record', name, text: kept.join(''), line: from });
        this.#record = null;
        this.#dropping = false;
      } else parts.push({ kind: 'fault', line, reason: `</${name}> closes nothing` });
    } else {
      if (this.#record) parts.push(this.#unclosed(this.#record, `before the next, at line ${line}`));
      this.#dropping = false;
      if (empty) {
        this.#record = null;
        parts.push({ kind: 'record', name, text, line });
      } else this.#record = { name, line, parts: [text], length: text.length };
    }
    this.#count(text);
  }

  #unclosed({ name, line }: OpenRecord, when: string): XmlPart {
    return { kind: 'fault', line, reason: `<${name}> is not closed ${when}` };
  }

  #around(name: string, closes: boolean, empty: boolean, text: string, parts: XmlPart[]): void {
    const line = this.#line;
    if (!closes) {
      parts.push({ kind: 'open', name, text, line });
      if (empty) parts.push({ kind: 'close', name, text: '', line });
      else if (this.#open.length < limits.depth) this.#open.push(name);
      else if (!this.#tooDeep) {
        this.#tooDeep = true;
        parts.push({ kind: 'fault', line, reason: `elements stand more than ${limits.depth} deep in each other` });
      }
      return;
    }
    const last = this.#open.lastIndexOf(name);
    if (last < 0) {
      if (!this.#tooDeep) parts.push({ kind: 'fault', line, reason: `</${name}> closes nothing` });
      return;
    }
    if (last < this.#open.length - 1 && !this.#tooDeep) {
      const reason = `<${this.#open.at(-1)}> is not closed before </${name}>`;
      parts.push({ kind: 'fault', line, reason });
    }
    this.#open.length = last;
    parts.push({ kind: 'close', name, text, line });
  }

  /** Reads on in a document type; returns where to go on, before the end of the text when more of it is needed. */
  #inDoctype(text: string, from: number, last: boolean, parts: XmlPart[]): number {
    const state = this.#doctype;
    if (!state) return from;
    for (let at = from; at < text.length; at++) {
      if (state.until !== '') {
        // A text in quotes, or a comment, in which quotes are just characters.
        const found = text.indexOf(state.until, at);
        if (found < 0) return last ? text.length : Math.max(at, text.length - 2);
        at = found + state.until.length - 1;
        state.until = '';
        continue;
      }
      const code = text.charCodeAt(at);
      if (code === 34 || code === 39) state.until = text.charAt(at);
      else if (code === 91) state.inSubset = true;
      else if (code === 93) state.inSubset = false;
      else if (code === 62 && !state.inSubset) {
        this.#doctype = null;
        return at + 1;
      } else if (code === 60) {
        if (text.length - at < 8 && !last) return at;
        if (text.startsWith('<!--', at)) {
          state.until = '-->';
          at += 3;
        } else if (text.startsWith('<!ENTITY', at) && !state.told) {
          state.told = true;
          const before = text.slice(from, at).split('\n').length - 1;
          const reason = 'the document type declares entities, which are not taken: what refers to them is at fault';
          parts.push({ kind: 'fault', line: this.#line + before, reason });
        }
      }
    }
    return text.length;
  }
}

/** Where the tag at `start` ends; 'open' when the text ends before, 'broken' when another tag begins before. */
function tagEnd(text: string, start: number): number | 'open' | 'broken' {
  const next = text.charCodeAt(start + 1);
  // Whitespace and digits begin no name.
  if (Number.isNaN(next)) return 'open';
  if (next <= 32 || (next >= 48 && next <= 57) || next === 60 || next === 61) return 'broken';
  let quote = 0;
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 60) return 'broken';
    if (quote !== 0) {
      if (code === quote) quote = 0;
    } else if (code === 34 || code === 39) quote = code;
    else if (code === 62) return at + 1;
  }
  return 'open';
}

/** Name of a tag without its prefix. */
function localName(tag: string, from: number): string {
  let at = from;
  let begin = from;
  for (; at < tag.length; at++) {
    const code = tag.charCodeAt(at);
    if (code <= 32 || code === 47 || code === 62) break;
    if (code === 58) begin = at + 1;
  }
  return tag.slice(begin, at);
}
