import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import { PerennialError } from '../contracts/errors.ts';
import { Random } from '../domain/nlp/random.ts';
import { type Batch, endId, toBatch } from '../domain/nlp/transformer/batches.ts';
import type { TransformerShape } from '../domain/nlp/transformer/shape.ts';
import { Transformer } from '../domain/nlp/transformer/transformer.ts';
import { median } from './figures.ts';

export interface TrainTokensBench {
  /** Our target tokens a second over the peer's: medians of the rounds. */
  readonly train_tokens_ratio: number;
  readonly train_tokens_per_s: number;
  readonly peer_tokens_per_s: number;
  /** What the peer calls itself. */
  readonly peer: string;
  readonly rounds: number;
}

export interface TrainTokensOptions {
  /** The peer: a script that prints `{ peer, target_tokens_per_s }` and takes the shape as `--layers`, `--heads`, …. */
  readonly script: string;
  /** A Python with what the script imports (JAX); default `python3`. */
  readonly python?: string;
  /** Pairs of measurements; default 3. */
  readonly rounds?: number;
  /** Sentences of a batch; default 256. */
  readonly batch?: number;
  /** Subwords of each side of a sentence; default 16. */
  readonly length?: number;
  /** Encoder layers and likewise decoder layers; default 4. */
  readonly layers?: number;
  /** Default 4. */
  readonly heads?: number;
  /** Default 128. */
  readonly dimensions?: number;
  /** Default 256. */
  readonly feedForward?: number;
  /** Default 10,000. */
  readonly vocabulary?: number;
}

/** As the peer counts: the best of 3 times 5 steps, after one that warms up. */
const [blocks, stepsOfBlock] = [3, 5];

/**
 * Measures training steps of the transformer beside the peer's, in turn on the same cores: same shape, batch and optimiser,
 * float32, random subwords, no dropout, no label smoothing.
 *
 * @throws DATA_MISSING without the peer's script, UNAVAILABLE when it fails.
 */
export async function benchTrainTokens(
  options: TrainTokensOptions,
  report: (line: string) => void,
): Promise<TrainTokensBench> {
  const { script, python = 'python3', rounds = 3, batch = 256, length = 16, layers = 4, ...sizes } = options;
  const { heads = 4, dimensions = 128, feedForward = 256, vocabulary = 10_000 } = sizes;
  if (!existsSync(script))
    throw new PerennialError('DATA_MISSING', `The peer's script is not at ${script}`, {
      remedy: 'Give the path of nmt_train_peer.py.',
    });
  const shape = {
    vocabulary,
    factors: 1,
    dimensions,
    feedForward,
    heads,
    encoderLayers: layers,
    decoderLayers: layers,
  };
  const flags = { layers, heads, dim: dimensions, ffn: feedForward, vocab: vocabulary, batch, len: length };
  const model = new Transformer(shape, { labelSmoothing: 0 });
  const ours: number[] = [];
  const theirs: number[] = [];
  let peer = '';
  try {
    const sentences = randomBatch(shape, batch, length);
    for (let round = 1; round <= rounds; round++) {
      ours.push(tokensPerSecond(model, sentences));
      const answer = await runPeer(python, script, flags);
      peer = answer.peer;
      theirs.push(answer.target_tokens_per_s);
      report(`round ${round}: ${Math.round(ours.at(-1) ?? 0)} target tokens/s, ${peer} ${theirs.at(-1)}`);
    }
  } finally {
    model.dispose();
  }
  const [own, other] = [median(ours), median(theirs)];
  return {
    train_tokens_ratio: Math.round((100 * own) / other) / 100,
    train_tokens_per_s: Math.round(own),
    peer_tokens_per_s: Math.round(other),
    peer,
    rounds,
  };
}

function randomBatch({ vocabulary }: TransformerShape, count: number, length: number): Batch {
  const random = new Random(1);
  const sentence = () =>
    Int32Array.from({ length }, (_, i) => (i === length - 1 ? endId : 3 + random.below(vocabulary - 3)));
  return toBatch(Array.from({ length: count }, () => ({ source: sentence(), target: sentence() })));
}

function tokensPerSecond(model: Transformer, batch: Batch): number {
  model.step(batch, 3e-4);
  let best = Infinity;
  for (let block = 0; block < blocks; block++) {
    const from = performance.now();
    for (let i = 0; i < stepsOfBlock; i++) model.step(batch, 3e-4);
    best = Math.min(best, (performance.now() - from) / stepsOfBlock);
  }
  return (1000 * batch.tokens) / best;
}

async function runPeer(
  python: string,
  script: string,
  flags: Readonly<Record<string, number>>,
): Promise<{ peer: string; target_tokens_per_s: number }> {
  const args = Object.entries(flags).flatMap(([name, value]) => [`--${name}`, String(value)]);
  try {
    const { stdout } = await promisify(execFile)(python, [script, ...args], { timeout: 600_000 });
    return JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
  } catch (cause) {
    throw new PerennialError('UNAVAILABLE', `The peer ${script} could not be measured with ${python}`, {
      remedy: 'Name a Python that has its imports: python3 -m venv V && V/bin/pip install jax.',
      cause,
    });
  }
}
