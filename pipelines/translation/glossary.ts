import { PerennialError } from '../../contracts/errors.ts';
import { createGlossaryService } from '../../domain/nlp/language-data/index.ts';
import type { Term } from '../../domain/nlp/terminology/index.ts';
import type { LanguagePair } from '../../domain/nlp/translator/index.ts';
import type { Clock } from '../../domain/ports/clock.ts';
import type { LanguageResourceRepository } from '../../domain/ports/language-resources.ts';

/**
 * Terms of the newest versions of glossaries, without those that must not be used.
 *
 * @throws DATA_MISSING when there is no such glossary, PARAMETER_INVALID when it is of another pair.
 */
export async function loadTerms(
  ids: readonly string[],
  pair: LanguagePair,
  { glossaries, clock }: { readonly glossaries: LanguageResourceRepository; readonly clock: Clock },
): Promise<Term[]> {
  const terms: Term[] = [];
  for (const id of ids) {
    const glossary = await glossaries.get(id);
    if (glossary === null)
      throw new PerennialError('DATA_MISSING', `glossaries: there is no glossary "${id}".`, {
        remedy: '`perennial glossaries` lists those there are; `perennial glossaries import` fills one.',
      });
    if (glossary.source !== pair.source || glossary.target !== pair.target)
      throw new PerennialError(
        'PARAMETER_INVALID',
        `glossaries: "${id}" is for ${glossary.source} to ${glossary.target}, not ${pair.source} to ${pair.target}.`,
        { remedy: 'Name glossaries of the pair that is trained.' },
      );
    for await (const page of await createGlossaryService({ glossaries, clock }).stream(id, glossary.version)) {
      for (const { source, target, caseSensitive, forbidden } of page)
        if (!forbidden) terms.push({ source, target, caseSensitive });
    }
  }
  return terms;
}
