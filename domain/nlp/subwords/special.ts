import { PerennialError } from '../../../contracts/errors.ts';

/** Fixed ids; the source and the target of an example both end with `end`, a decoder starts with `begin`. */
export const pad = 0;
export const begin = 1;
export const end = 2;

/** Placeholders that have a token of their own. */
export const placeholderTokens = 32;

/** Names of the special tokens in the order of their ids, before the 256 bytes. */
export function specialNames(languages: readonly string[], reserved: number): string[] {
  return [
    '<pad>',
    '<s>',
    '</s>',
    '<low>',
    '<cap>',
    '<upper>',
    '<fuzzy>',
    '<term>',
    '</term>',
    ...Array.from({ length: placeholderTokens }, (_, i) => `<ph${i}>`),
    ...languages.map((language) => `<2${language}>`),
    ...Array.from({ length: reserved }, (_, i) => `<reserved${i}>`),
  ];
}

/** Name of a byte's token, as SentencePiece and Hugging Face write it. */
export function byteName(byte: number): string {
  return `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`;
}

/** Language codes as they stand in a tag: BCP 47, at most 60 of them, each once. */
export function checkLanguages(languages: readonly string[]): void {
  const fault = (value: unknown, message: string) =>
    new PerennialError('PARAMETER_INVALID', `languages: ${message}`, {
      remedy: 'Give BCP 47 codes such as "de" or "pt-BR", each once, at most 60.',
      fields: [{ field: 'languages', value, message }],
    });
  if (languages.length > 60) throw fault(languages.length, `${languages.length} languages, at most 60 have a place`);
  for (const [i, language] of languages.entries()) {
    if (!/^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$/.test(language)) throw fault(language, `"${language}" is no code`);
    if (languages.indexOf(language) !== i) throw fault(language, `"${language}" stands there twice`);
  }
}
