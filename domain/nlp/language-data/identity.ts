import { createHash } from 'node:crypto';
import type { MemoryEntryContent, TermContent } from '../../../contracts/language-data.ts';

const hashOf = (...parts: readonly string[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex');

/**
 * A text as exact matching compares it: canonical composition (NFC), each run of white space one blank, none around.
 * Capitals and punctuation count. Placeholders of inline codes (`<1>`) are part of the text.
 */
export function normaliseSource(text: string): string {
  return text.normalize('NFC').replace(/\s+/gu, ' ').trim();
}

/** sha256 (hexadecimal) of a normalised source: what an exact match is found by. */
export function sourceHashOf(source: string): string {
  return hashOf(normaliseSource(source));
}

/** What a translation is known by in its memory: its normalised source and its context. */
export function memoryKeyOf({ source, context }: Pick<MemoryEntryContent, 'source' | 'context'>): string {
  return hashOf(normaliseSource(source), context);
}

/**
 * What a term is known by in its glossary: its normalised source, domain and part of speech, so that it has one target
 * there; a forbidden one is known by its target as well, since there may be many.
 */
export function termKeyOf(
  term: Pick<TermContent, 'source' | 'target' | 'domain' | 'partOfSpeech' | 'forbidden'>,
): string {
  const forbidden = term.forbidden ? [normaliseSource(term.target)] : [];
  return hashOf(normaliseSource(term.source), term.domain, term.partOfSpeech, ...forbidden);
}
