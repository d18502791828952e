import { crossAttention, selfAttention } from './attention.ts';
import type { SourceBatch } from './batches.ts';
import { padId } from './batches.ts';
import { embed, type Scatter } from './embedding.ts';
import { feedForward } from './feed-forward.ts';
import type { Layer, Pass } from './layer.ts';
import { layerNorm } from './layer-norm.ts';
import { floats, type NativeTensor, release } from './native.ts';
import { add } from './operations.ts';

const masked = -1e9;

/** Added to attention scores: -1e9 on padded keys, [1, rows, 1, 1, length]; undefined when nothing is padded. */
export function paddingMask(source: SourceBatch): NativeTensor | undefined {
  if (!source.isPadded) return undefined;
  const values = Float32Array.from(source.ids, (id) => (id === padId ? masked : 0));
  return floats(values, [1, source.rows, 1, 1, source.length]);
}

/** Added to the decoder's own attention scores: -1e9 on later positions, [1, 1, 1, length, length]. */
export function causalMask(length: number): NativeTensor {
  const values = new Float32Array(length * length);
  for (let i = 0; i < length; i++) values.fill(masked, i * length + i + 1, (i + 1) * length);
  return floats(values, [1, 1, 1, length, length]);
}

interface Stack {
  readonly output: NativeTensor;
  backward(gradient: NativeTensor): Scatter;
}

/** Runs the layers' backward passes from last to first and frees the outputs between them. */
function backThrough(layers: readonly Layer[], gradient: NativeTensor): NativeTensor {
  let current = gradient;
  for (const layer of layers.toReversed()) {
    const next = layer.backward(current);
    release(layer.output);
    if (current !== gradient) release(current);
    current = next;
  }
  return current;
}

/** The encoder's output [rows · length, D]. */
export function encode(pass: Pass, source: SourceBatch, layers: number, mask: NativeTensor | undefined): Stack {
  const embedded = embed(pass, source.ids, source.factors, source.length);
  const all: Layer[] = [];
  let x = embedded.output;
  const push = (layer: Layer) => {
    all.push(layer);
    x = layer.output;
  };
  for (let i = 0; i < layers; i++) {
    push(selfAttention(pass, `encoder.${i}.attention`, x, source.rows, mask));
    push(feedForward(pass, `encoder.${i}.feedForward`, x));
  }
  push(layerNorm(pass, 'encoder.norm', x));
  return { output: x, backward: (gradient) => embedded.backward(backThrough(all, gradient)) };
}

interface Decoded {
  readonly output: NativeTensor;
  /** Gives the embedding's share of the gradient and the gradient of the encoder's output. */
  backward(gradient: NativeTensor): { input: Scatter; memory: NativeTensor };
}

/** The decoder's output [rows · length, D] on the whole target at once. */
export function decode(
  pass: Pass,
  input: { readonly ids: Int32Array; readonly length: number },
  memory: { readonly output: NativeTensor; readonly mask: NativeTensor | undefined },
  layers: number,
): Decoded {
  const batch = input.ids.length / input.length;
  const embedded = embed(pass, input.ids, undefined, input.length);
  const causal = causalMask(input.length);
  let ofMemory: NativeTensor | undefined;
  const addMemoryGradient = (gradient: NativeTensor) => {
    const before = ofMemory;
    ofMemory = before ? add(before, gradient) : gradient;
    if (before) release(before, gradient);
  };
  const all: Layer[] = [];
  let x = embedded.output;
  const push = (layer: Layer) => {
    all.push(layer);
    x = layer.output;
  };
  for (let i = 0; i < layers; i++) {
    push(selfAttention(pass, `decoder.${i}.selfAttention`, x, batch, causal));
    const cross = `decoder.${i}.crossAttention`;
    push(crossAttention(pass, cross, x, memory.output, batch, memory.mask, addMemoryGradient));
    push(feedForward(pass, `decoder.${i}.feedForward`, x));
  }
  push(layerNorm(pass, 'decoder.norm', x));
  return {
    output: x,
    backward(gradient) {
      const scatter = embedded.backward(backThrough(all, gradient));
      return { input: scatter, memory: ofMemory as NativeTensor };
    },
  };
}
