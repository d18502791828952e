import { placeholderPattern } from '../text/index.ts';

/** A part of a text that must come back as it is. */
export interface Found {
  readonly start: number;
  readonly end: number;
  /** `open` and `close`: tags, with their names; `single`: a tag without a partner; `value`: everything else. */
  readonly kind: 'open' | 'close' | 'single' | 'value';
  readonly name?: string;
}

export interface ScanOptions {
  /** Whether tags, comments and entities count; default true. */
  readonly tags?: boolean;
  /** Whether variables (`{0}`, `%s`, `${x}` …) count; default true. */
  readonly variables?: boolean;
  /** Whether web and mail addresses count; default true. */
  readonly addresses?: boolean;
}

/** HTML elements that have no end tag. */
const voids = new Set('area base br col embed hr img input link meta param source track wbr'.split(' '));

const tagName = /<\/?([A-Za-z][^\s/<>"'=]{0,63})/y;
const entity = /&(?:[A-Za-z][A-Za-z0-9]{1,31}|#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6});/y;
const braced = /\{[\w.$:!+-]{0,64}\}/y;
const icu = /\{\s{0,8}\w{1,64}\s{0,8},\s{0,8}(?:plural|select|selectordinal|number|date|time|choice)\s{0,8}[,}]/y;
const printf =
  /%(?:%|[A-Za-z_][\w.-]{2,63}%(?![\w%])|\([\w.-]{1,64}\)[#0+-]?\d{0,4}(?:\.\d{1,3})?[a-zA-Z]|(?:\d{1,3}\$)?[#0+'-]{0,3}\d{0,4}(?:\.\d{1,3})?(?:hh|ll|[hlLqjzt])?[diouxXeEfFgGaAcspn@])/y;
const dollar = /\$[A-Za-z_]\w{0,63}/y;
const url = /(?:(?:https?|ftp|file):\/\/|mailto:|www\.)[^\s<>"{}|\\^`\uE000-\uF8FF]{1,2000}/iy;
const mail = /[A-Za-z0-9._+-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9-]{0,62})(?:\.[A-Za-z0-9][A-Za-z0-9-]{0,62}){1,8}/y;
const addressPart = /[A-Za-z0-9._+@-]/;

function matchAt(pattern: RegExp, text: string, at: number): string | null {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? null;
}

/** `indexOf` whose answer is kept, so that asking at every place of a hostile text stays linear. */
class Finder {
  readonly #text: string;
  readonly #next = new Map<string, number>();

  constructor(text: string) {
    this.#text = text;
  }

  /** First place of `needle` from `from` on, or -1; `from` must not fall between calls. */
  find(needle: string, from: number): number {
    const known = this.#next.get(needle);
    if (known !== undefined && (known < 0 || known >= from)) return known;
    const at = this.#text.indexOf(needle, from);
    this.#next.set(needle, at);
    return at;
  }
}

/** For every `{` the place of its `}`, or -1; one pass. */
function braces(text: string): Int32Array | null {
  if (!text.includes('{')) return null;
  const ends = new Int32Array(text.length).fill(-1);
  const open: number[] = [];
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (c === '{') open.push(i);
    else if (c === '}') {
      const start = open.pop();
      if (start !== undefined) ends[start] = i;
    }
  }
  return ends;
}

/** End of the tag whose name ends at `at`, or -1 when it is none: quotes are skipped, another `<` ends the try. */
function tagEnd(text: string, at: number, finder: Finder): number {
  for (let i = at; i < text.length; i++) {
    const c = text[i];
    if (c === '>') return i + 1;
    if (c === '<') return -1;
    if ((c === '"' || c === "'") && text[i - 1] === '=') {
      i = finder.find(c, i + 1);
      if (i < 0) return -1;
    }
  }
  return -1;
}

/**
 * Tags (HTML and XML, comments, CDATA, processing instructions), entities, variables (`{0}`, `{name}`, `{{ x }}`,
 * `{% x %}`, `${x}`, `$x`, `%s`, `%1$d`, `%(name)s`, `%name%`, whole ICU messages), web and mail addresses, and
 * private-use characters of a text, in order. Linear in its length.
 */
export function scan(text: string, options: ScanOptions = {}): Found[] {
  const { tags = true, variables = true, addresses = true } = options;
  const out: Found[] = [];
  const finder = new Finder(text);
  const quotes = new Finder(text);
  const ends = variables ? braces(text) : null;
  const lastTag = tags ? text.lastIndexOf('>') : -1;
  let at = 0;
  while (at < text.length) {
    const found = next(at);
    if (found) {
      out.push(found);
      at = found.end;
    } else at++;
  }
  return out;

  function value(start: number, length: number | null | undefined): Found | null {
    return length ? { start, end: start + length, kind: 'value' } : null;
  }

  function next(i: number): Found | null {
    const c = text[i] as string;
    if (c === '<') return tags && i < lastTag ? tag(i) : null;
    if (c === '&') return tags ? value(i, matchAt(entity, text, i)?.length) : null;
    if (c === '{') return variables ? brace(i) : null;
    if (c === '%') return variables ? percent(i) : null;
    if (c === '$') return variables ? dollars(i) : null;
    if (placeholderPattern.test(c)) return value(i, 1);
    return addresses && addressPart.test(c) && !(i > 0 && addressPart.test(text[i - 1] as string)) ? address(i) : null;
  }

  function tag(i: number): Found | null {
    for (const [begin, close] of [
      ['<!--', '-->'],
      ['<![CDATA[', ']]>'],
      ['<?', '?>'],
    ] as const) {
      if (!text.startsWith(begin, i)) continue;
      const end = finder.find(close, i + begin.length);
      return end < 0 ? null : { start: i, end: end + close.length, kind: 'single' };
    }
    tagName.lastIndex = i;
    const match = tagName.exec(text);
    if (!match) return null;
    const end = tagEnd(text, i + match[0].length, quotes);
    if (end < 0) return null;
    const name = match[1] as string;
    if (text[i + 1] === '/') return { start: i, end, kind: 'close', name };
    const single = text[end - 2] === '/' || voids.has(name.toLowerCase());
    return { start: i, end, kind: single ? 'single' : 'open', name };
  }

  function brace(i: number): Found | null {
    const end = ends?.[i] ?? -1;
    if (text[i + 1] === '%' || text[i + 1] === '#') {
      const close = finder.find(`${text[i + 1]}}`, i + 2);
      if (close >= 0) return { start: i, end: close + 2, kind: 'value' };
    }
    if (end < 0) return null;
    if (text[i + 1] === '{' && ends?.[i + 1] === end - 1) return { start: i, end: end + 1, kind: 'value' };
    if (matchAt(icu, text, i) !== null) return { start: i, end: end + 1, kind: 'value' };
    return value(i, matchAt(braced, text, i)?.length);
  }

  function percent(i: number): Found | null {
    const match = matchAt(printf, text, i);
    if (match === null) return null;
    const after = text[i + match.length] ?? '';
    // "100%discount" and "5 %-Marke" are no formats.
    const number = /\d/.test(text[i - 1] ?? '');
    return number && (match === '%%' ? false : /[a-z]/i.test(after) || match.length === 2)
      ? null
      : value(i, match.length);
  }

  function dollars(i: number): Found | null {
    const end = text[i + 1] === '{' ? (ends?.[i + 1] ?? -1) : -1;
    if (end >= 0) return { start: i, end: end + 1, kind: 'value' };
    return value(i, matchAt(dollar, text, i)?.length);
  }

  function address(i: number): Found | null {
    const web = matchAt(url, text, i);
    if (web !== null) {
      let length = web.length;
      // What closes the sentence or a bracket around the address is no part of it.
      while (length > 0 && /[.,;:!?'’)\]*_]/.test(web[length - 1] as string)) {
        if (web[length - 1] === ')' && web.slice(0, length - 1).includes('(')) break;
        length--;
      }
      return value(i, length);
    }
    return value(i, matchAt(mail, text, i)?.length);
  }
}
