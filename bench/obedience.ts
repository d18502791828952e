import { PerennialError } from '../contracts/errors.ts';
import { type TranslationAnswer, type TranslationRequest, translationLimits } from '../contracts/translation.ts';
import { bleu } from '../domain/nlp/metrics/index.ts';
import { Random } from '../domain/nlp/random.ts';
import { Glossary, type TextPair } from '../domain/nlp/terminology/index.ts';
import type { TranslationService } from '../domain/nlp/translator/index.ts';
import { rounded } from './figures.ts';
import { exchange, inventWords, type Noun } from './invented-terms.ts';

export interface ObedienceBench {
  readonly terms: number;
  /** Sentences with at least one of the nouns. */
  readonly sentences: number;
  /** Nouns within them. */
  readonly occurrences: number;
  /** Share of the occurrences whose invented word stands in the translation. */
  readonly appeared: number;
  /** The same by annotated input alone: nothing enforced in decoding. */
  readonly appeared_by_input: number;
  /** Sentences that BLEU is computed of: their references have the usual word of every noun once. */
  readonly judged: number;
  /** BLEU with terms, against references in which invented words stand in the place of the usual ones. */
  readonly bleu_with_terms: number;
  readonly bleu_by_input: number;
  /** BLEU of the same sentences without terms, against the references as they are. */
  readonly bleu_without_terms: number;
}

export interface ObedienceOptions {
  readonly pair: { readonly source: string; readonly target: string };
  /** Version or alias. */
  readonly model: string;
  readonly beam: number;
  readonly seed: number;
  /** Translations to report, each beside the one without terms. */
  readonly show: number;
}

/**
 * How well a model obeys terms that it has never seen: nouns of real sentences get invented words as their targets. Whether
 * the sentences around them stay sound is told by BLEU, for which the references get the invented words too.
 *
 * @param pairs sentences and their references.
 * @throws DATA_MISSING when none of the nouns stands in a sentence; what the service throws.
 */
export async function benchObedience(
  service: Pick<TranslationService, 'translate'>,
  pairs: readonly TextPair[],
  nouns: readonly Noun[],
  options: ObedienceOptions,
  report: (line: string) => void,
): Promise<ObedienceBench> {
  const { pair, model, beam, seed } = options;
  const texts = pairs.flatMap(({ source, target }) => [source, target]);
  const invented = inventWords(nouns.length, texts, new Random(seed));
  const terms = nouns.map(({ source }, i) => ({ source, target: invented[i] as string }));
  const glossary = new Glossary(terms, pair.source);
  const found = pairs.filter(({ source }) => glossary.find(source).length > 0);
  if (found.length === 0) {
    throw new PerennialError('DATA_MISSING', 'None of the nouns stands in the sentences.', {
      remedy: 'Give sentences of the language of the nouns, or nouns that stand in them.',
    });
  }
  const sources = found.map(({ source }) => source);
  const translate = (more: Partial<TranslationRequest>) =>
    translateAll(service, sources, { ...pair, model, beam, memory: false, ...more });
  const without = await translate({});
  const byInput = await translate({ terms, enforceTerms: false });
  const full = await translate({ terms });

  const judged = found.flatMap(({ source, target }, index) => {
    const matches = glossary.find(source);
    const reference = exchange(
      target,
      matches.map(({ term }) => [nouns.find((noun) => noun.source === term.source) as Noun, term.target]),
    );
    return reference === null ? [] : [{ index, reference }];
  });
  for (const { index } of spread(judged, options.show)) {
    report(sources[index] as string);
    report(`  without terms: ${without[index]?.text}`);
    report(`  with:          ${full[index]?.text}`);
  }
  const wanted = sources.flatMap((source, index) =>
    glossary.find(source).map(({ term: { target } }) => ({ index, target: target.toLowerCase() })),
  );
  const share = (answers: readonly TranslationAnswer[]) => {
    const right = wanted.filter(({ index, target }) => answers[index]?.text.toLowerCase().includes(target));
    return rounded(right.length / wanted.length, 4);
  };
  const score = (answers: readonly TranslationAnswer[], references: readonly string[]) =>
    judged.length === 0
      ? 0
      : rounded(
          bleu(
            judged.map(({ index }) => answers[index]?.text ?? ''),
            references,
          ).score,
          2,
        );
  const exchanged = judged.map(({ reference }) => reference);
  return {
    terms: terms.length,
    sentences: found.length,
    occurrences: wanted.length,
    appeared: share(full),
    appeared_by_input: share(byInput),
    judged: judged.length,
    bleu_with_terms: score(full, exchanged),
    bleu_by_input: score(byInput, exchanged),
    bleu_without_terms: score(
      without,
      judged.map(({ index }) => found[index]?.target ?? ''),
    ),
  };
}

async function translateAll(
  service: Pick<TranslationService, 'translate'>,
  texts: readonly string[],
  request: Omit<TranslationRequest, 'text'>,
): Promise<TranslationAnswer[]> {
  const answers: TranslationAnswer[] = [];
  for (let from = 0; from < texts.length; from += translationLimits.texts) {
    const text = texts.slice(from, from + translationLimits.texts);
    answers.push(...(await service.translate({ ...request, text })).translations);
  }
  return answers;
}

/** `count` items from all over a list. */
function spread<T>(items: readonly T[], count: number): T[] {
  const most = Math.min(count, items.length);
  return Array.from({ length: most }, (_, i) => items[Math.floor((i * items.length) / most)] as T);
}
