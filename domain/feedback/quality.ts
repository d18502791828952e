import type { AnswerQuality } from '../../contracts/feedback.ts';
import { chrf, editRate } from '../nlp/metrics/index.ts';

/** Blanks at the ends and between words make no difference. */
const plain = (text: string): string => text.trim().replaceAll(/\s+/g, ' ');

/** How an answer fares against its correction. */
export function qualityOf(answer: string, correction: string): AnswerQuality {
  const [given, wanted] = [plain(answer), plain(correction)];
  return { chrf: chrf([given], [wanted]), editRate: editRate(given, wanted), untouched: given === wanted };
}
