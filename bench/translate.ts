import { Decoder, type Source } from '../domain/nlp/decoding/index.ts';
import { normals, Random } from '../domain/nlp/random.ts';
import type { TransformerShape, TransformerWeights } from '../domain/nlp/transformer/shape.ts';
import { SessionThreads } from '../domain/serving/index.ts';
import { median, rounded } from './figures.ts';
import { checkPeer, type Peer, runPeer } from './peer.ts';

/** Time of single sentences on one thread, and sentences a second in batches of 64 on two. */
interface Speed {
  readonly single_p50_ms: number;
  readonly batch64_sentences_per_s: number;
}

export interface TranslationBench {
  /** Our time of a single sentence over the peer's, int8 both; median of the rounds. Neither computes scores. */
  readonly single_p50_ratio: number;
  /** Our sentences a second in batches of 64 over the peer's, int8 both. */
  readonly batch64_throughput_ratio: number;
  readonly float32_single_p50_ratio: number;
  readonly float32_batch64_throughput_ratio: number;
  /** Ours with the log-probabilities that a confidence needs, over the peer without, int8. */
  readonly scored_single_p50_ratio: number;
  readonly scored_batch64_throughput_ratio: number;
  readonly ours: Readonly<Record<'int8' | 'float32' | 'int8_scored', Speed>>;
  readonly peer: Readonly<Record<'int8' | 'float32', Speed>> & { readonly name: string };
}

/** The shape, and the length of sources and translations, for which the peer is timed by default. */
const shape: TransformerShape = {
  vocabulary: 10_000,
  factors: 5,
  dimensions: 128,
  feedForward: 256,
  heads: 4,
  encoderLayers: 4,
  decoderLayers: 4,
};
const length = 14;
const singles = 100;
const many = 1000;

/**
 * Greedy translation with random weights of the tiny transformer beside CTranslate2, on this machine, in turn.
 *
 * @param options.python a Python with ctranslate2 and numpy; options.peer the script that times it (nmt_peer.py);
 * options.rounds measurements of each, of which medians count.
 * Throws DATA_MISSING when one of them is not there, with the command that installs it.
 */
export async function benchTranslation(
  report: (line: string) => void,
  options: Peer & { readonly rounds: number },
): Promise<TranslationBench> {
  await checkPeer(options, ['ctranslate2', 'numpy']);
  const weights = randomWeights();
  const kinds = ['int8', 'float32', 'int8_scored'] as const;
  const ours = { int8: [] as Speed[], float32: [] as Speed[], int8_scored: [] as Speed[] };
  const theirs = { int8: [] as Speed[], float32: [] as Speed[] };
  let name = '';
  for (let round = 0; round < options.rounds; round++) {
    const peer = await timePeer(options);
    name = peer.peer;
    for (const kind of ['int8', 'float32'] as const) theirs[kind].push(peer[kind]);
    for (const kind of kinds) {
      const precision = kind === 'float32' ? 'float32' : 'int8';
      ours[kind].push(await timeOurs(weights, precision, kind === 'int8_scored'));
    }
    const [we, they] = [ours.int8.at(-1)!, theirs.int8.at(-1)!];
    report(
      `round ${round + 1}: ours ${we.single_p50_ms} ms, ${we.batch64_sentences_per_s}/s; ` +
        `${name} ${they.single_p50_ms} ms, ${they.batch64_sentences_per_s}/s (int8)`,
    );
  }
  // Medians of the ratios of a round, whose measurements follow each other: what slows the machine slows both.
  const ratio = (kind: (typeof kinds)[number], key: keyof Speed) => {
    const peer = theirs[kind === 'float32' ? 'float32' : 'int8'];
    return rounded(median(ours[kind].map((speed, i) => speed[key] / peer[i]![key])), 3);
  };
  return {
    single_p50_ratio: ratio('int8', 'single_p50_ms'),
    batch64_throughput_ratio: ratio('int8', 'batch64_sentences_per_s'),
    float32_single_p50_ratio: ratio('float32', 'single_p50_ms'),
    float32_batch64_throughput_ratio: ratio('float32', 'batch64_sentences_per_s'),
    scored_single_p50_ratio: ratio('int8_scored', 'single_p50_ms'),
    scored_batch64_throughput_ratio: ratio('int8_scored', 'batch64_sentences_per_s'),
    ours: { int8: middle(ours.int8), float32: middle(ours.float32), int8_scored: middle(ours.int8_scored) },
    peer: { name, int8: middle(theirs.int8), float32: middle(theirs.float32) },
  };
}

async function timeOurs(weights: TransformerWeights, precision: 'int8' | 'float32', scores: boolean): Promise<Speed> {
  const model = { shape, weights: () => weights };
  const options = { maxLength: length, scores };
  const sources = randomSources(many);
  const one = new SessionThreads(1);
  const times: number[] = [];
  try {
    const decoder = new Decoder(model, one, { precision });
    for (let i = 0; i < 10; i++) await decoder.translate([sources[i]!], options);
    for (let i = 0; i < singles; i++) {
      const start = performance.now();
      const translations = await decoder.translate([sources[i]!], options);
      times.push(performance.now() - start);
      const ids = translations[0]?.[0]?.ids;
      if (ids?.length !== length) throw new Error(`A translation has ${ids?.length} ids, not ${length}`);
    }
  } finally {
    await one.close();
  }
  const two = new SessionThreads(2);
  try {
    const decoder = new Decoder(model, two, { precision, batchSentences: 64 });
    for (let i = 0; i < 2; i++) await decoder.translate(sources.slice(0, 128), options);
    const start = performance.now();
    await decoder.translate(sources, options);
    const seconds = (performance.now() - start) / 1000;
    return { single_p50_ms: rounded(median(times), 3), batch64_sentences_per_s: Math.round(many / seconds) };
  } finally {
    await two.close();
  }
}

interface PeerFigures {
  readonly peer: string;
  readonly float32: Speed;
  readonly int8: Speed;
}

function timePeer(peer: Peer): Promise<PeerFigures> {
  const { vocabulary, heads, dimensions, feedForward, decoderLayers } = shape;
  const flags = { layers: decoderLayers, heads, dim: dimensions, ffn: feedForward, vocab: vocabulary, len: length };
  return runPeer(
    peer,
    Object.entries(flags).flatMap(([flag, value]) => [`--${flag}`, String(value)]),
  );
}

/** Weights of which none prefers an end: the special ids have logit 0, and some of 10,000 random ones are above. */
function randomWeights(): TransformerWeights {
  const random = new Random(1);
  const { vocabulary, factors, dimensions, feedForward, encoderLayers, decoderLayers } = shape;
  const weights: Record<string, Float32Array> = {};
  const linear = (name: string, input: number, output: number) => {
    weights[`${name}.weight`] = normals(input * output, 0.02, random);
    weights[`${name}.bias`] = new Float32Array(output);
  };
  const norm = (name: string) => {
    weights[`${name}.scale`] = new Float32Array(dimensions).fill(1);
    weights[`${name}.bias`] = new Float32Array(dimensions);
  };
  const block = (name: string, products: readonly (readonly [string, number, number])[]) => {
    norm(`${name}.norm`);
    for (const [part, input, output] of products) linear(`${name}.${part}`, input, output);
  };
  const output = ['output', dimensions, dimensions] as const;
  const selfAttention = [['qkv', dimensions, 3 * dimensions], output] as const;
  const feed = [
    ['inner', dimensions, feedForward],
    ['outer', feedForward, dimensions],
  ] as const;
  for (let i = 0; i < encoderLayers; i++) {
    block(`encoder.${i}.attention`, selfAttention);
    block(`encoder.${i}.feedForward`, feed);
  }
  for (let i = 0; i < decoderLayers; i++) {
    block(`decoder.${i}.selfAttention`, selfAttention);
    const cross = [['query', dimensions, dimensions], ['keyValue', dimensions, 2 * dimensions], output] as const;
    block(`decoder.${i}.crossAttention`, cross);
    block(`decoder.${i}.feedForward`, feed);
  }
  norm('encoder.norm');
  norm('decoder.norm');
  weights['embedding'] = normals(vocabulary * dimensions, 0.02, random).fill(0, 0, 3 * dimensions);
  weights['factorEmbedding'] = normals(factors * dimensions, 0.02, random);
  return weights;
}

function randomSources(count: number): Source[] {
  const random = new Random(2);
  return Array.from({ length: count }, () => ({
    ids: Int32Array.from({ length }, () => 3 + random.below(shape.vocabulary - 3)),
  }));
}

function middle(speeds: readonly Speed[]): Speed {
  return {
    single_p50_ms: rounded(median(speeds.map((s) => s.single_p50_ms)), 3),
    batch64_sentences_per_s: Math.round(median(speeds.map((s) => s.batch64_sentences_per_s))),
  };
}
