import { PerennialError } from '../../../contracts/errors.ts';
import type { TermContent } from '../../../contracts/language-data.ts';
import { languageFit } from '../formats/languages.ts';
import type { GlossaryService } from '../language-data/index.ts';
import { Glossary } from '../terminology/index.ts';
import type { LanguagePair } from './model.ts';
import type { GlossaryTerm } from './terms.ts';

/** Terms of a glossary, ready to be found in texts. */
export interface PreparedGlossary {
  /** What is to be used. */
  readonly required: Glossary;
  /** What is not to be used; null: nothing. */
  readonly forbidden: Glossary | null;
}

/** Prepares terms. */
export function prepareTerms(
  terms: readonly (Pick<TermContent, 'source' | 'target'> & Partial<TermContent>)[],
  language: string,
  glossary?: string,
): PreparedGlossary {
  const prepared = terms.map(
    ({ source, target, caseSensitive = false, forbidden = false, alternatives = [] }): GlossaryTerm => ({
      source,
      target,
      caseSensitive,
      forbidden,
      alternatives,
      ...(glossary === undefined ? {} : { glossary }),
    }),
  );
  const forbidden = prepared.filter((term) => term.forbidden);
  return {
    required: new Glossary(
      prepared.filter((term) => !term.forbidden),
      language,
    ),
    forbidden: forbidden.length === 0 ? null : new Glossary(forbidden, language),
  };
}

interface Held {
  readonly version: number;
  readonly prepared: Promise<PreparedGlossary>;
}

/** Glossaries kept ready; the one not used for longest goes. */
const mostHeld = 100;

/** Glossaries of the repository, prepared as they are asked for; a new version counts at once. */
export class Glossaries {
  readonly #service: GlossaryService;
  readonly #held = new Map<string, Held>();

  constructor(glossaries: GlossaryService) {
    this.#service = glossaries;
  }

  /**
   * @param ids the most important first.
   * @throws NOT_FOUND for one that is not there, VALIDATION_FAILED for one of another language pair.
   */
  async use(ids: readonly string[], pair: LanguagePair): Promise<PreparedGlossary[]> {
    return Promise.all(ids.map((id) => this.#one(id, pair)));
  }

  async #one(id: string, pair: LanguagePair): Promise<PreparedGlossary> {
    const { version, source, target } = await this.#service.get(id);
    if (languageFit(source, pair.source) === 0 || languageFit(target, pair.target) === 0) {
      throw new PerennialError(
        'VALIDATION_FAILED',
        `The glossary "${id}" is for ${source} to ${target}, not for ${pair.source} to ${pair.target}.`,
        {
          fields: [{ field: 'glossaries', value: id, message: `must be of ${pair.source} to ${pair.target}` }],
          remedy: 'Leave it away, or translate in its languages.',
        },
      );
    }
    const known = this.#held.get(id);
    this.#held.delete(id);
    const held = known?.version === version ? known : { version, prepared: this.#read(id, version, source) };
    this.#held.set(id, held);
    held.prepared.catch(() => this.#held.delete(id));
    const [oldest] = this.#held.keys();
    if (this.#held.size > mostHeld && oldest !== undefined) this.#held.delete(oldest);
    return held.prepared;
  }

  async #read(id: string, version: number, language: string): Promise<PreparedGlossary> {
    const terms: TermContent[] = [];
    for await (const page of await this.#service.stream(id, version)) terms.push(...page);
    return prepareTerms(terms, language, id);
  }
}
