import { PerennialError } from '../../contracts/errors.ts';
import type { Term } from '../../domain/nlp/terminology/index.ts';
import type { LanguagePair } from '../../domain/nlp/translator/index.ts';
import type { LanguageResourceRepository } from '../../domain/ports/language-resources.ts';

const pageSize = 1000;

/**
 * Terms of the newest versions of glossaries, without those that must not be used.
 *
 * @throws DATA_MISSING when there is no such glossary, PARAMETER_INVALID when it is of another pair.
 */
export async function loadTerms(
  ids: readonly string[],
  pair: LanguagePair,
  glossaries: LanguageResourceRepository,
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
    for (let after: string | undefined; ; ) {
      const page = await glossaries.entries(id, glossary.version, { limit: pageSize, ...(after ? { after } : {}) });
      for (const { source, target, detail } of page) {
        if (detail?.['forbidden'] !== true)
          terms.push({ source, target, caseSensitive: detail?.['caseSensitive'] === true });
      }
      if (page.length < pageSize) break;
      after = page.at(-1)?.id;
    }
  }
  return terms;
}
