/**
 * Canonical form of a text for translation: Unicode NFC, each lone surrogate replaced by U+FFFD. NFC and not NFKC:
 * compatibility folding would change what people wrote ("x²" to "x2", "½" to "1⁄2", "ﬁ" to "fi") in memories and answers.
 */
export function normaliseUnicode(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '\uFFFD').normalize('NFC');
}
