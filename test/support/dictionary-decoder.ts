import type { ConstrainedHypothesis, Hypothesis, Source } from '../../domain/nlp/decoding/index.ts';
import { factor, type Subwords, trainSubwords } from '../../domain/nlp/subwords/index.ts';
import type { Aligner } from '../../domain/nlp/terminology/index.ts';
import { ServedModel, type ServedModelOptions } from '../../domain/nlp/translator/index.ts';

/** What a {@link dictionaryModel} was asked to do, in order. */
export interface Call {
  readonly kind: 'search' | 'constrained';
  /** The plain part of each input. */
  readonly texts: readonly string[];
  /** Target terms, and the similar sentence, that each input had with it. */
  readonly terms: readonly string[][];
  readonly similar: readonly string[];
  /** The words of that sentence that are marked as not shared, in runs. */
  readonly others: readonly string[][];
}

export interface Behaviour {
  /** Whether terms in the input are used; default true. */
  readonly obeys?: boolean;
  /** Changes a translation before it is given back, to make faults. */
  readonly distort?: (translation: string) => string;
  /** The alternative at a place from 1; default: with as many exclamation marks. */
  readonly alternative?: (translation: string, place: number) => string;
  /** The model's word aligner; default: it has none. */
  readonly aligner?: Aligner;
  /** Held back until it resolves. */
  readonly gate?: () => Promise<void>;
}

/** A vocabulary of the letters of both languages. */
export function letters(): Subwords {
  const texts = ['abcdefghijklmnopqrstuvwxyzäöüß ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÜ 0123456789 .,;:!?()-'];
  return trainSubwords(
    [
      { language: 'en', texts },
      { language: 'de', texts },
    ],
    { size: 420 },
  );
}

/**
 * A model that translates word by word from a dictionary, for tests in which the order of things is the point. It has
 * the real vocabulary, batching and inputs; only the search is a look-up.
 */
export function dictionaryModel(
  dictionary: Readonly<Record<string, string>>,
  behaviour: Behaviour = {},
  options: ServedModelOptions = {},
): { model: ServedModel; calls: Call[] } {
  const subwords = letters();
  const calls: Call[] = [];
  const read = ({ ids, factors }: Source) => {
    const of = (wanted: number) => {
      const runs: string[] = [];
      let run: number[] = [];
      for (let i = 0; i <= ids.length; i++) {
        if (i < ids.length && factors?.[i] === wanted) run.push(ids[i] as number);
        else if (run.length > 0) {
          runs.push(subwords.decode(run).trim());
          run = [];
        }
      }
      return runs;
    };
    const plain = [...ids].filter((_, i) => (factors?.[i] ?? 0) <= factor.term);
    return {
      text: subwords.decode(plain),
      sources: of(factor.term),
      terms: of(factor.termTarget),
      similar: of(factor.fuzzy).join(' '),
      others: of(factor.fuzzyOther),
    };
  };
  const translation = (source: Source): string => {
    const { text, sources, terms } = read(source);
    let given = text;
    const places: string[] = [];
    if (behaviour.obeys ?? true) {
      for (const [i, from] of sources.entries()) {
        const at = given.toLowerCase().indexOf(from.toLowerCase());
        if (at < 0) continue;
        places.push(terms[i] ?? from);
        given = `${given.slice(0, at)}\uF000${given.slice(at + from.length)}`;
      }
    }
    let place = 0;
    const words = given.replace(/\p{L}+|\uF000/gu, (word) => {
      if (word === '\uF000') return places[place++] as string;
      const known = dictionary[word.toLowerCase()];
      if (known === undefined) return word;
      return /^\p{Lu}/u.test(word) ? known.slice(0, 1).toUpperCase() + known.slice(1) : known;
    });
    return behaviour.distort?.(words) ?? words;
  };
  const hypothesis = (text: string): Hypothesis => ({
    ids: Int32Array.from(subwords.encode(text, { language: 'de' })),
    score: -0.1,
    logProbability: -0.1 * (subwords.encode(text, { language: 'de' }).length + 1),
    ended: true,
  });
  const note = (kind: Call['kind'], sources: readonly Source[]) => {
    const inputs = sources.map(read);
    calls.push({
      kind,
      texts: inputs.map(({ text }) => text),
      terms: inputs.map(({ terms }) => terms),
      similar: inputs.map(({ similar }) => similar),
      others: inputs.map(({ others }) => others),
    });
  };
  const model = new ServedModel(
    { source: 'en', target: 'de' },
    {
      subwords,
      pairs: [{ source: 'en', target: 'de' }],
      aligner: behaviour.aligner ?? null,
      decoder: {
        shape: {
          vocabulary: subwords.size,
          factors: 5,
          dimensions: 8,
          feedForward: 8,
          heads: 1,
          encoderLayers: 1,
          decoderLayers: 1,
        },
        async translate(batch, { alternatives = 1 } = {}) {
          note('search', batch);
          await behaviour.gate?.();
          return batch.map((source) =>
            Array.from({ length: alternatives }, (_, i) => {
              const best = translation(source);
              const other = behaviour.alternative?.(best, i) ?? best + '!'.repeat(i);
              return hypothesis(i === 0 ? best : other);
            }),
          );
        },
        async translateConstrained(source, { phrases }): Promise<ConstrainedHypothesis[]> {
          note('constrained', [source]);
          const added = phrases.map(([first]) => subwords.decode(first as Int32Array)).join(' ');
          return [{ ...hypothesis(`${translation(source)} ${added}`), placed: phrases.map(() => true) }];
        },
      },
    },
    options,
  );
  return { model, calls };
}
