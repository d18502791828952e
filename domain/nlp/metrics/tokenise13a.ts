import { splitBlanks, trimEnd } from './blanks.ts';

/**
 * mteval-v13a tokenisation, the default of sacreBLEU (Post 2018): punctuation apart from words, except full stops and
 * commas within numbers. Follows sacreBLEU's tokenizer_13a and tokenizer_re rule by rule.
 */
export function tokenise13a(line: string): string[] {
  let text = trimEnd(line).replaceAll('<skipped>', '').replaceAll('-\n', '').replaceAll('\n', ' ');
  if (text.includes('&')) {
    text = text.replaceAll('&quot;', '"').replaceAll('&amp;', '&').replaceAll('&lt;', '<').replaceAll('&gt;', '>');
  }
  return splitBlanks(
    ` ${text} `
      .replace(/([{-~[-` -&(-+:-@/])/g, ' $1 ')
      .replace(/([^0-9])([.,])/gu, '$1 $2 ')
      .replace(/([.,])([^0-9])/gu, ' $1 $2')
      .replace(/([0-9])(-)/g, '$1 $2 '),
  );
}
