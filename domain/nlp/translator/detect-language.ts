import type { Detection } from '../../../contracts/translation.ts';

interface Detector {
  detect(text: string): { getScores(): Record<string, number> };
}

let loading: Promise<Detector> | undefined;

/** Loads the n-grams of 60 languages, which takes about a second and 150 MB; what detects waits for it. */
export function loadDetector(): Promise<Detector> {
  loading ??= import('eld/medium').then(({ eld }) => eld);
  return loading;
}

/** Characters that are looked at: more do not make it surer. */
const enough = 2000;

/**
 * Languages a text may be in, the likeliest first, by n-grams (eld), with scores from 0 to 1. Below some 20 characters it
 * is often wrong, so say which languages come into question where you know it. Empty for texts without letters.
 *
 * @param among codes of the languages that come into question; default: the 60 that it knows. When only one does, it is that
 * one, however little the text looks like it.
 */
export async function detectLanguages(text: string, among?: readonly string[]): Promise<Detection[]> {
  const plain = text
    .slice(0, 4 * enough)
    .replace(/<[^>]{0,500}>/g, ' ')
    .slice(0, enough);
  const scores = (await loadDetector()).detect(plain).getScores();
  const bases = among?.map((code) => ({ code, base: code.split('-')[0] as string }));
  const candidates = bases
    ? bases.map(({ code, base }) => ({ language: code, confidence: scores[base] ?? 0 }))
    : Object.entries(scores).map(([language, confidence]) => ({ language, confidence }));
  const sorted = candidates.sort((a, b) => b.confidence - a.confidence);
  return bases?.length === 1 ? sorted : sorted.filter(({ confidence }) => confidence > 0);
}
