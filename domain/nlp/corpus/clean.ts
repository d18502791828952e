import { normaliseUnicode } from '../text/index.ts';
import {
  empty,
  type Filter,
  language,
  lengthRatio,
  noLetters,
  numbers,
  placeholders,
  type Reason,
  tooLong,
} from './filters.ts';
import type { LanguageDetector } from './language.ts';

export interface CorpusPair {
  readonly source: string;
  readonly target: string;
}

export interface CleanOptions {
  /** Default 150. */
  readonly mostWords?: number;
  /** Default 2,000 UTF-16 units. */
  readonly mostCharacters?: number;
  /** Words of the longer side over those of the shorter; default 2.5. */
  readonly ratio?: number;
  /** Share of the pairs that may have the same text on both sides (names, codes); default 0.02. */
  readonly copies?: number;
  /** Pairs with the same source and other targets: keep them all (default) or the most frequent target alone. */
  readonly conflicts?: 'keep' | 'most-frequent';
  /** Checks the languages; default: they are not checked. */
  readonly languages?: { readonly detector: LanguageDetector; readonly source: string; readonly target: string };
}

export interface CleanReport {
  readonly read: number;
  readonly kept: number;
  /** Pairs refused, by the first reason that held. */
  readonly refused: Readonly<Partial<Record<Reason, number>>>;
  /** Up to three refused pairs of each reason. */
  readonly examples: Readonly<Partial<Record<Reason, readonly CorpusPair[]>>>;
}

/** Copies up to this number are kept whatever their share is: small corpora have names too. */
const fewCopies = 10;

/**
 * A text as models learn it: NFC, without control and invisible formatting characters (joiners of scripts that need
 * them stay), runs of white space as one blank, none at the ends.
 */
export function cleanText(text: string): string {
  const bare = text
    .replace(/[^\S\u00a0\u202f]+/g, ' ')
    .replace(/[\p{Cc}\u00ad\u200b\u2060\ufeff\u202a-\u202e\u2066-\u2069]/gu, '')
    .replace(/ {2,}/g, ' ');
  return normaliseUnicode(bare).trim();
}

/**
 * Cleans parallel texts for training: normalises both sides and drops pairs that would teach something wrong, each for
 * a reason that is counted. The order stays. Linear in the text.
 */
export function cleanCorpus<P extends CorpusPair>(
  pairs: Iterable<P>,
  options: CleanOptions = {},
): { pairs: P[]; report: CleanReport } {
  const filters: Filter[] = [
    empty,
    tooLong(options.mostWords ?? 150, options.mostCharacters ?? 2000),
    noLetters,
    lengthRatio(options.ratio ?? 2.5),
    placeholders,
    numbers,
  ];
  if (options.languages)
    filters.push(language(options.languages.detector, options.languages.source, options.languages.target));
  const refused: Partial<Record<Reason, number>> = {};
  const examples: Partial<Record<Reason, CorpusPair[]>> = {};
  const refuse = (reason: Reason, { source, target }: CorpusPair) => {
    refused[reason] = (refused[reason] ?? 0) + 1;
    examples[reason] ??= [];
    const list = examples[reason];
    if (list.length < 3) list.push({ source: source.slice(0, 200), target: target.slice(0, 200) });
  };
  let read = 0;
  let kept: P[] = [];
  /** How often each target stands beside each source, refused duplicates among them. */
  const seen = new Map<string, Map<string, number>>();
  for (const pair of pairs) {
    read++;
    const clean = { ...pair, source: cleanText(pair.source), target: cleanText(pair.target) };
    let reason: Reason | null = null;
    for (const filter of filters) {
      reason = filter(clean.source, clean.target);
      if (reason) break;
    }
    if (reason) {
      refuse(reason, clean);
      continue;
    }
    const targets = seen.get(clean.source) ?? new Map<string, number>();
    seen.set(clean.source, targets);
    const times = targets.get(clean.target) ?? 0;
    targets.set(clean.target, times + 1);
    if (times > 0) refuse('duplicate', clean);
    else kept.push(clean);
  }
  if (options.conflicts === 'most-frequent') {
    kept = kept.filter((pair) => {
      const [best] = [...(seen.get(pair.source) ?? [])].sort(([, a], [, b]) => b - a);
      if (best?.[0] === pair.target) return true;
      refuse('conflict', pair);
      return false;
    });
  }
  const isCopy = (pair: CorpusPair) => pair.source.toLowerCase() === pair.target.toLowerCase();
  const copies = kept.filter(isCopy).length;
  let left = Math.max(fewCopies, Math.floor((options.copies ?? 0.02) * (kept.length - copies)));
  kept = kept.filter((pair) => {
    if (!isCopy(pair) || left-- > 0) return true;
    refuse('copy', pair);
    return false;
  });
  return { pairs: kept, report: { read, kept: kept.length, refused, examples } };
}
