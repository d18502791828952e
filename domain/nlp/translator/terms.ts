import type { TermEvidence } from '../../../contracts/translation.ts';
import type { Subwords } from '../subwords/index.ts';
import { checkTerms, type Glossary, type Term, type TermMatch, type TermUse } from '../terminology/index.ts';

/** A term with what the translator has to know of it besides. */
export interface GlossaryTerm extends Term {
  /** Targets that are as good. */
  readonly alternatives?: readonly string[];
  /** The target must not be used; the term asks for nothing then. */
  readonly forbidden?: boolean;
  /** Id of its glossary; absent: given with the request. */
  readonly glossary?: string;
}

/** A term found in a passage. */
export type FoundTerm = TermMatch & { readonly term: GlossaryTerm };

/** A term of a passage and what became of it. */
export interface AppliedTerm extends TermUse {
  readonly match: FoundTerm;
  readonly enforced: boolean;
  /** The target as the translation has it; null: missed. */
  readonly used: string | null;
}

/** Terms of a text by several glossaries, apart from each other, in the order of the text; earlier glossaries win. */
export function findTerms(text: string, glossaries: readonly Glossary[]): FoundTerm[] {
  const found: FoundTerm[] = [];
  for (const glossary of glossaries) {
    for (const match of glossary.find(text) as FoundTerm[]) {
      if (found.every((other) => match.end <= other.start || other.end <= match.start)) found.push(match);
    }
  }
  return found.sort((a, b) => a.start - b.start);
}

/** What became of the terms of a passage in its translation; targets that are as good count. */
export function applyTerms(
  translation: string,
  matches: readonly FoundTerm[],
  language: string,
  enforced: ReadonlySet<FoundTerm> = new Set(),
): AppliedTerm[] {
  if (matches.length === 0) return [];
  const uses = checkTerms(translation, matches, language);
  return uses.map((use, i) => {
    const match = matches[i] as FoundTerm;
    const best = use.form === 'missed' ? (alternative(translation, match, uses, language) ?? use) : use;
    const used = best.start === undefined ? null : translation.slice(best.start, best.end);
    return { ...best, match, enforced: enforced.has(match), used };
  });
}

/** Another target of a term at a place that no other term has. */
function alternative(
  translation: string,
  match: FoundTerm,
  uses: readonly TermUse[],
  language: string,
): TermUse | undefined {
  for (const target of match.term.alternatives ?? []) {
    const other: TermMatch = { ...match, term: { ...match.term, target } };
    const [use] = checkTerms(translation, [other], language);
    if (use?.start === undefined || use.end === undefined) continue;
    const [start, end] = [use.start, use.end];
    const taken = uses.some((u) => u.start !== undefined && u.end !== undefined && u.start < end && start < u.end);
    if (!taken) return use;
  }
  return undefined;
}

/** What must appear when a passage is decoded anew: each term as the translation had it, or in one of its targets. */
export function phrasesFor(applied: readonly AppliedTerm[], subwords: Subwords): Int32Array[][] {
  return applied.map(({ match: { term }, used }) => {
    const forms = new Set([...(used === null ? [] : [used]), term.target, ...(term.alternatives ?? [])]);
    return [...forms].map((form) => Int32Array.from(subwords.encodeWithin(form))).filter((ids) => ids.length > 0);
  });
}

/** Terms as evidence. `text` is the passage. */
export function evidenceOf(text: string, applied: readonly AppliedTerm[]): TermEvidence[] {
  return applied.map(({ match: { term, start, end }, form, used, enforced }) => ({
    source: term.source,
    target: term.target,
    found: text.slice(start, end),
    used,
    form,
    enforced,
    glossary: term.glossary ?? null,
  }));
}
