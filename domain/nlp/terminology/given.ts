import { checkTerms } from './check.ts';
import type { Glossary } from './glossary.ts';
import type { Candidate, MinedPair } from './mine.ts';

/**
 * Adds the terms of a glossary to what was mined, where the translation follows it in some form: in a domain's own
 * texts a model sees the very terms that it will be asked for. A mined candidate that overlaps one of them gives way.
 *
 * @param language of the targets.
 */
export function withGlossary(pairs: readonly MinedPair[], glossary: Glossary, language: string): MinedPair[] {
  return pairs.map((pair) => {
    const given: Candidate[] = [];
    for (const use of checkTerms(pair.target, glossary.find(pair.source), language)) {
      if (use.start === undefined || use.end === undefined) continue;
      const { start, end, term } = use.match;
      given.push({ start, end, base: term.target, targetStart: use.start, targetEnd: use.end });
    }
    const mined = pair.candidates.filter((one) =>
      given.every((term) => one.end <= term.start || term.end <= one.start),
    );
    const candidates = [...given, ...mined].sort((a, b) => a.start - b.start || a.end - b.end);
    return { ...pair, candidates };
  });
}
