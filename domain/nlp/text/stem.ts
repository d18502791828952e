import snowball from 'snowball-stemmers';

const algorithms: Readonly<Record<string, string>> = {
  ar: 'arabic',
  hy: 'armenian',
  eu: 'basque',
  ca: 'catalan',
  cs: 'czech',
  da: 'danish',
  nl: 'dutch',
  en: 'english',
  fi: 'finnish',
  fr: 'french',
  de: 'german',
  hu: 'hungarian',
  it: 'italian',
  ga: 'irish',
  nb: 'norwegian',
  no: 'norwegian',
  pt: 'portuguese',
  ro: 'romanian',
  ru: 'russian',
  es: 'spanish',
  sl: 'slovene',
  sv: 'swedish',
  ta: 'tamil',
  tr: 'turkish',
};

/** Words kept with their stems; a full table is emptied. */
const remembered = 200_000;
/** No word of a language is longer; what is, is no word, and stemming it could take long. */
const longest = 64;

/** Stem of a word in any case; the same for all inflected forms that the algorithm knows. */
export type Stem = (word: string) => string;

const made = new Map<string, Stem>();

/**
 * Stemmer of a language by its code ("de", "de-AT"): Snowball (Porter 2001). A language without one gets lower case
 * alone, so that only equal forms match. Stems are remembered by word.
 */
export function stemmer(language: string): Stem {
  const code = language.toLowerCase().split(/[-_]/)[0] as string;
  const known = made.get(code);
  if (known) return known;
  const algorithm = algorithms[code];
  const snow = algorithm === undefined ? null : snowball.newStemmer(algorithm);
  const stems = new Map<string, string>();
  const stem: Stem = (word) => {
    let value = stems.get(word);
    if (value === undefined) {
      const lower = word.toLowerCase();
      value = snow === null || lower.length > longest ? lower : snow.stem(lower);
      if (stems.size >= remembered) stems.clear();
      stems.set(word, value);
    }
    return value;
  };
  made.set(code, stem);
  return stem;
}
