import type { LanguagePair } from '../../domain/nlp/translator/index.ts';

/** The two BCP 47 codes of a `pair` parameter: `en-pt_BR` is from en to pt-BR. */
export function parsePair(pair: string): LanguagePair {
  const [source = '', target = ''] = pair.split('-').map((code) => code.replace('_', '-'));
  return { source, target };
}
