import { randomUUID } from 'node:crypto';
import type { ArtifactRef } from '../contracts/artifacts.ts';
import { Random, silentHooks } from '../domain/nlp/index.ts';
import { type Subwords, trainSubwords } from '../domain/nlp/subwords/index.ts';
import { type Aligner, annotate } from '../domain/nlp/terminology/index.ts';
import {
  type Example,
  type TransformerShape,
  type TransformerWeights,
  trainTransformer,
} from '../domain/nlp/transformer/index.ts';
import { encodeWeights, formatVersion, storeTranslationModel } from '../domain/nlp/translator/index.ts';
import type { ArtifactStore } from '../domain/ports/artifacts.ts';
import type { ModelRepository } from '../domain/ports/models.ts';

const nouns = { car: 'Wagen', door: 'Tür', engine: 'Motor', key: 'Schlüssel', wheel: 'Rad', window: 'Fenster' };
const adjectives = { red: 'rot', old: 'alt', new: 'neu', clean: 'sauber', open: 'offen', heavy: 'schwer' };
/** What terms ask for instead. */
const others = ['Fahrzeug', 'Pforte', 'Antrieb', 'Riegel', 'Reifen', 'Scheibe'];

export interface TinyModel {
  readonly subwords: Subwords;
  readonly shape: TransformerShape;
  readonly weights: TransformerWeights;
}

/** Sentences of a small world: "The red car is old." is "Das rot Wagen ist alt." */
function sentence(random: Random): { source: string; target: string; noun: string; german: string } {
  const pick = <T>(list: readonly T[]): T => list[random.below(list.length)] as T;
  const [noun, german] = pick(Object.entries(nouns));
  const [first, one] = pick(Object.entries(adjectives));
  const [second, two] = pick(Object.entries(adjectives));
  return random.next() < 0.5
    ? { source: `The ${first} ${noun} is ${second}.`, target: `Das ${one} ${german} ist ${two}.`, noun, german }
    : { source: `The ${noun} is ${first}.`, target: `Das ${german} ist ${one}.`, noun, german };
}

/**
 * A real translation model of a tiny world, trained in about ten seconds: it translates sentences such as "The red car is
 * old." and takes terms in its input. The same seed gives the same model.
 */
export async function trainTinyModel(seed = 1): Promise<TinyModel> {
  const random = new Random(seed);
  const world = Array.from({ length: 600 }, () => sentence(random));
  const alphabet = 'abcdefghijklmnopqrstuvwxyzäöüß ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÜ 0123456789 .,;:!?';
  const subwords = trainSubwords(
    [
      { language: 'en', texts: [...world.map(({ source }) => source), alphabet] },
      { language: 'de', texts: [...world.map(({ target }) => target), ...others, alphabet] },
    ],
    { size: 460 },
  );
  const encode = ({ source, target, noun, german }: ReturnType<typeof sentence>, term: string | null): Example => {
    const start = source.indexOf(noun);
    const annotations = term === null ? [] : [{ start, end: start + noun.length, target: term }];
    return {
      ...subwords.encodeSource(annotate(source, annotations), { language: 'en' }),
      target: subwords.encodeTarget(term === null ? target : target.replace(german, term), { language: 'de' }),
    };
  };
  const examples = world.map((one) =>
    encode(one, random.next() < 0.4 ? (others[random.below(others.length)] as string) : null),
  );
  const shape = {
    vocabulary: subwords.size,
    factors: 5,
    dimensions: 32,
    feedForward: 64,
    heads: 2,
    encoderLayers: 1,
    decoderLayers: 1,
  };
  const { weights } = await trainTransformer(
    {
      shape,
      examples: () => examples,
      dev: examples.slice(0, 60),
      tokensPerBatch: 512,
      rate: 0.01,
      warmup: 60,
      epochs: 25,
      dropout: {},
      seed,
    },
    silentHooks(),
  );
  return { subwords, shape, weights };
}

/** Stores a model as the registry has them, with an aligner if one is given. */
export async function storeTinyModel(
  artifacts: ArtifactStore,
  { subwords, shape, weights }: TinyModel,
  aligner?: Aligner,
): Promise<ArtifactRef> {
  return storeTranslationModel(artifacts, {
    pairs: [{ source: 'en', target: 'de' }],
    shape,
    weights: await artifacts.putBytes(encodeWeights(shape, weights)),
    subwords: await artifacts.putBytes(new TextEncoder().encode(subwords.serialise())),
    ...(aligner && { aligner: await artifacts.putBytes(aligner.toBytes()) }),
  });
}

/** Registers a stored model as the next version of `translation-en-de`, the champion. */
export async function promoteTinyModel(models: ModelRepository, artifact: ArtifactRef): Promise<number> {
  const model = 'translation-en-de';
  const added = { model, formatVersion, artifact, metrics: {}, lineage: {}, runId: randomUUID() };
  const { version } = await models.add(added);
  await models.setAlias(model, 'champion', version, 'test', 'the newest');
  return version;
}
