/** Abbreviations that end in a full stop and seldom end a sentence, in lower case without it. */
const abbreviations: Readonly<Record<string, string>> = {
  en: 'mr mrs ms dr prof st vs etc e.g i.e approx no fig vol inc ltd co corp jr sr dept est min max',
  de: 'z d u i s z.b d.h u.a bzw ca usw evtl ggf inkl exkl dr prof hr fr nr abs art str vgl max min tel u.u o.ä z.t sog bspw',
  fr: 'm mme mlle dr prof p.ex cf env etc art fig av boul no tél',
  es: 'sr sra srta dr dra prof p.ej etc ud uds aprox núm pág tel art',
  it: 'sig sig.ra dott prof ecc es art pag tel ing avv',
  nl: 'dhr mevr dr prof bijv bv enz ca nr o.a d.w.z max min',
  pt: 'sr sra dr dra prof etc p.ex art pág tel núm',
};

const segmenters = new Map<string, Intl.Segmenter>();

function segmenter(language: string): Intl.Segmenter {
  let known = segmenters.get(language);
  if (!known) {
    known = new Intl.Segmenter(localeOf(language), { granularity: 'sentence' });
    if (segmenters.size < 200) segmenters.set(language, known);
  }
  return known;
}

/** The code as a locale; what is none (a name, "de_x") counts as English. */
function localeOf(language: string): string {
  try {
    return Intl.getCanonicalLocales(language.replaceAll('_', '-'))[0] ?? 'en';
  } catch {
    return 'en';
  }
}

/** Whether a piece that the segmenter ended goes on: it ends in an abbreviation, an initial or an ordinal number. */
function goesOn(piece: string, next: string, known: ReadonlySet<string>): boolean {
  if (/[\n\r\u2028\u2029]\s*$/.test(piece.slice(-8))) return false;
  const tail = piece.slice(-24).trimEnd();
  const follower = next.slice(0, 8).replace(/^["'„“”«»(]+/, '');
  if (/^\p{Ll}/u.test(follower)) return true;
  if (!tail.endsWith('.')) return false;
  const last = /[\p{L}\p{N}.]{1,12}\.$/u.exec(tail)?.[0].slice(0, -1) ?? '';
  const word = last.toLowerCase();
  return known.has(word) || /^\p{Lu}$/u.test(last) || (/^\d{1,2}$/.test(last) && /^\p{L}/u.test(follower));
}

export interface SentenceOptions {
  /** A longer sentence is cut behind a comma or the like, else before a word; in UTF-16 units. Default: none is. */
  readonly longest?: number;
}

/**
 * Sentences of a text; joined they are the text again, each with the blanks behind it. Boundaries are Unicode's (UAX
 * 29, by `Intl.Segmenter`), except after abbreviations of the language, initials and ordinal numbers.
 */
export function splitSentences(text: string, language: string, options: SentenceOptions = {}): string[] {
  const base = language.toLowerCase().split(/[-_]/)[0] as string;
  const known = new Set((abbreviations[base] ?? '').split(' '));
  const out: string[] = [];
  let sentence = '';
  for (const { segment } of segmenter(language).segment(text)) {
    let rest = segment;
    if (sentence !== '' && !goesOn(sentence, segment, known)) {
      // A tag right behind the full stop closes what is in the sentence before.
      const closing = /\s$/.test(sentence) ? '' : (/^[\uE000-\uF8FF]+(?:\s+|$)/.exec(segment)?.[0] ?? '');
      out.push(sentence + closing);
      sentence = '';
      rest = segment.slice(closing.length);
    }
    sentence += rest;
  }
  if (sentence !== '') out.push(sentence);
  const { longest } = options;
  return longest === undefined ? out : out.flatMap((one) => cut(one, Math.max(2, longest)));
}

/** Pieces of at most `longest` units, each cut as late as it can be. */
function cut(text: string, longest: number): string[] {
  const out: string[] = [];
  let rest = text;
  while (rest.length > longest) {
    const window = rest.slice(0, longest);
    const comma = /^.*[,;:)–—]\s/su.exec(window)?.[0].length ?? 0;
    const blank = window.lastIndexOf(' ') + 1;
    let at = comma > longest / 3 ? comma : blank > longest / 3 ? blank : longest;
    // A surrogate pair stays whole.
    if ((rest.charCodeAt(at - 1) & 0xfc00) === 0xd800) at--;
    out.push(rest.slice(0, at));
    rest = rest.slice(at);
  }
  out.push(rest);
  return out;
}
