import type { Detection } from '../../../contracts/translation.ts';
import { LanguageDetector } from '../corpus/index.ts';

let loading: Promise<LanguageDetector> | undefined;

/** The detector, loaded once: that takes about a second and 100 MB. */
export function loadDetector(): Promise<LanguageDetector> {
  loading ??= LanguageDetector.load();
  return loading;
}

/** Languages told of a text at most. */
const most = 5;

/**
 * Languages a text may be in, the likeliest first, with their likeness from 0 to 1. Below some 20 characters that is often
 * wrong, so say which languages come into question where you know it. Empty for texts without letters.
 *
 * @param among codes of the languages that come into question; default: the 60 that the detector knows. When only one
 * does, it is that one, however little the text looks like it.
 */
export async function detectLanguages(text: string, among?: readonly string[]): Promise<Detection[]> {
  const detector = await loadDetector();
  const plain = text.replace(/<[^>]{0,500}>/g, ' ');
  const { scores } = detector.detect(plain);
  if (!among) return scores.slice(0, most).map(({ language, score }) => ({ language, confidence: score }));
  const of = (code: string) => scores.find(({ language }) => language === code.split('-')[0])?.score ?? 0;
  const found = among.map((language) => ({ language, confidence: of(language) }));
  found.sort((a, b) => b.confidence - a.confidence);
  return found.length === 1 ? found : found.filter(({ confidence }) => confidence > 0);
}
