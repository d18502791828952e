import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import tokenizers from 'tokenizers';
import { PerennialError } from '../../../contracts/errors.ts';
import { normaliseUnicode, placeholderPattern } from '../text/index.ts';
import { type Casing, lowerableWords, lowerStart, lowerWord } from './casing.ts';
import { subwordsVersion } from './file.ts';
import { blankSign, pieces } from './pieces.ts';
import { byteName, checkLanguages, specialNames } from './special.ts';
import { Subwords } from './subwords.ts';

export interface SubwordOptions {
  /** Tokens in all: special ones, 256 bytes, characters and merges; default 10,000. */
  readonly size?: number;
  /** Default `sentence`. */
  readonly casing?: Casing;
  /** Share of the characters of the texts that have a token of their own; the rest are bytes. Default 0.9995. */
  readonly coverage?: number;
  /** Special tokens kept free for later; default 8. */
  readonly reserved?: number;
}

/** Texts of one language; a text is a sentence or segment. */
export interface LanguageTexts {
  readonly language: string;
  readonly texts: readonly string[];
}

/** The default trainer of the library stops here; a smaller vocabulary has its first merges. */
const trainerSize = 30_000;
/** Most words written for the trainer: above, all counts are scaled down alike. */
const trainerWords = 30_000_000;

/**
 * Learns a joint subword vocabulary of all languages given (Sennrich et al. 2016, section 4), by the `tokenizers`
 * library. The same texts and options give the same bytes. Takes about 2 s for 60,000 sentences; blocks while the
 * library trains, which writes blank lines to standard output: call it where nobody reads that as data.
 *
 * @throws PARAMETER_INVALID for a size too small for special tokens, bytes and characters, or above what the library
 * learns; DATA_MISSING when no text has a character.
 */
export function trainSubwords(corpora: readonly LanguageTexts[], options: SubwordOptions = {}): Subwords {
  const size = options.size ?? 10_000;
  const casing = options.casing ?? 'sentence';
  const languages = [...new Set(corpora.map((corpus) => corpus.language))];
  checkLanguages(languages);
  const lowerable = Object.fromEntries(
    languages.map((language) => [
      language,
      casing === 'sentence'
        ? lowerableWords(corpora.filter((c) => c.language === language).flatMap((c) => c.texts.map(normaliseUnicode)))
        : [],
    ]),
  );
  const counts = new Map<string, number>();
  for (const { language, texts } of corpora) {
    const known = new Set(lowerable[language]);
    for (const text of texts) {
      const normal = normaliseUnicode(text);
      for (const piece of pieces(casing === 'sentence' ? lowerStart(normal, known).text : normal, true)) {
        const word = casing === 'inline' ? lowerWord(piece).word : piece;
        counts.set(word, (counts.get(word) ?? 0) + 1);
      }
    }
  }
  const alphabet = chooseAlphabet(counts, options.coverage ?? 0.9995);
  const special = specialNames(languages, options.reserved ?? 8);
  const tokens = [...special, ...Array.from({ length: 256 }, (_, i) => byteName(i)), ...alphabet];
  const room = size - tokens.length;
  if (!Number.isInteger(size) || room < 0 || room > trainerSize - alphabet.length) {
    const least = tokens.length;
    const most = least + trainerSize - alphabet.length;
    throw new PerennialError('PARAMETER_INVALID', `size: ${size} is not from ${least} to ${most}`, {
      remedy: `Choose from ${least} (special tokens, bytes and characters alone) to ${most} subwords.`,
      fields: [{ field: 'size', value: size, message: `must be from ${least} to ${most}` }],
    });
  }
  const known = new Set(tokens);
  const merges: [string, string][] = [];
  for (const [left, right] of learnMerges(counts, new Set(alphabet))) {
    if (!known.has(left + right)) {
      if (tokens.length >= size) break;
      known.add(left + right);
      tokens.push(left + right);
    }
    merges.push([left, right]);
  }
  return new Subwords({ version: subwordsVersion, casing, languages, lowerable, special, tokens, merges });
}

/** The most frequent characters that make up `coverage` of the words, the blank first, then by code point. */
function chooseAlphabet(counts: ReadonlyMap<string, number>, coverage: number): string[] {
  const seen = new Map<string, number>();
  let total = 0;
  for (const [word, count] of counts) {
    for (const character of word) {
      if (character === ' ' || character === blankSign || /[\p{Cc}\p{Cs}\uFFFD]/u.test(character)) continue;
      if (placeholderPattern.test(character)) continue;
      seen.set(character, (seen.get(character) ?? 0) + count);
      total += count;
    }
  }
  if (total === 0) {
    throw new PerennialError('DATA_MISSING', 'The texts to learn subwords from hold no character', {
      remedy: 'Give texts of the languages to translate.',
    });
  }
  const order = [...seen].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  let covered = 0;
  const chosen: string[] = [];
  for (const [character, count] of order) {
    if (covered >= coverage * total) break;
    covered += count;
    chosen.push(character);
  }
  return [blankSign, ...chosen.sort()];
}

/** Merges in the order of their making, learned by the library from a file of words, one a line, in a fixed order. */
function learnMerges(counts: ReadonlyMap<string, number>, alphabet: ReadonlySet<string>): [string, string][] {
  const folder = mkdtempSync(join(tmpdir(), 'subwords-'));
  try {
    const path = join(folder, 'words.txt');
    const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
    const scale = Math.min(1, trainerWords / total);
    const file = openSync(path, 'w');
    try {
      for (const [word, count] of [...counts].sort(([a], [b]) => (a < b ? -1 : 1))) {
        const line = knownParts(word, alphabet).map((part) => `${part}\n`);
        if (line.length > 0) writeSync(file, line.join('').repeat(Math.max(1, Math.round(count * scale))));
      }
    } finally {
      closeSync(file);
    }
    const tokenizer = new tokenizers.Tokenizer(tokenizers.BPE.empty());
    tokenizer.setPreTokenizer(tokenizers.splitPreTokenizer('\n', 'removed'));
    tokenizer.train([path]);
    const saved = join(folder, 'tokenizer.json');
    tokenizer.save(saved);
    return (JSON.parse(readFileSync(saved, 'utf8')) as { model: { merges: [string, string][] } }).model.merges;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Parts of a word between characters that have no token of their own. */
function knownParts(word: string, alphabet: ReadonlySet<string>): string[] {
  const parts: string[] = [];
  let part = '';
  for (const character of word) {
    const sign = character === ' ' ? blankSign : character === blankSign ? '' : character;
    if (alphabet.has(sign)) part += sign;
    else {
      if (part.length > 1) parts.push(part);
      part = '';
    }
  }
  if (part.length > 1) parts.push(part);
  return parts;
}
