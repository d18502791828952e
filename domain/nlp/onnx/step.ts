import { crossCaches, decoderStep, pastInputs, type RowLayout } from './decoder.ts';
import { encoder } from './encoder.ts';
import { GraphBuilder } from './graph.ts';
import type { Layers } from './layers.ts';
import type { GraphProto } from './proto.ts';

/**
 * The encoder alone. Outputs: `mask` int32 [sentences, length], `encoded` float32 (the final encoder output, [sentences, length,
 * dimensions]) and for each decoder layer `cross.{i}.key` and `.value`, [sentences, heads, length, head size].
 */
export function encoderGraph(layers: Layers): GraphProto {
  const { dimensions, heads } = layers.shape;
  const g = new GraphBuilder('encoder');
  const source = encoder(g, layers);
  g.named('mask', 'Identity', [source.mask]);
  g.output('mask', 'int32', ['sentences', 'length']);
  g.named('encoded', 'Reshape', [source.output, g.op('Concat', [source.sizes, g.int64([dimensions])], { axis: 0 })]);
  g.output('encoded', 'float32', ['sentences', 'length', dimensions]);
  crossCaches(g, layers, source).forEach(({ key, value }, i) => {
    for (const [part, made] of [
      ['key', key],
      ['value', value],
    ] as const) {
      g.named(`cross.${i}.${part}`, 'Identity', [made]);
      g.output(`cross.${i}.${part}`, 'float32', ['sentences', heads, 'length', dimensions / heads]);
    }
  });
  return g.build();
}

/**
 * One step of the decoder for some hypotheses (rows) of one sentence, for searches whose rules depend on what was written.
 *
 * Inputs: `token` int64 [rows], the last of each (1 at first); `parents` int64 [rows], the row of the caches each one continues;
 * `position` int64 scalar, tokens before; `mask` and `cross.{i}.key|value` of {@link encoderGraph} for one sentence;
 * `past.{i}.key|value` [rows before, heads, position, head size]. Outputs: `logProbabilities` [rows, padded vocabulary] and
 * `present.{i}.key|value` [rows, heads, position + 1, head size].
 */
export function stepGraph(layers: Layers): GraphProto {
  const { dimensions, heads, decoderLayers } = layers.shape;
  const g = new GraphBuilder('step');
  const ids = g.input('token', 'int64', ['rows']);
  const parents = g.input('parents', 'int64', ['rows']);
  const position = g.input('position', 'int64', []);
  const mask = g.input('mask', 'int32', [1, 'length']);
  const size = [1, heads, 'length', dimensions / heads];
  const cross = Array.from({ length: decoderLayers }, (_, i) => ({
    key: g.input(`cross.${i}.key`, 'float32', size),
    value: g.input(`cross.${i}.value`, 'float32', size),
  }));
  const past = pastInputs(g, layers, 'before').map(({ key, value }) => ({
    key: g.op('Gather', [key, parents], { axis: 0 }),
    value: g.op('Gather', [value, parents], { axis: 0 }),
  }));
  const grouped = g.int64([1, -1, dimensions]);
  const single = g.int64([-1, 1, 3 * dimensions]);
  const layout: RowLayout =
    layers.precision === 'int8' ? { stream: grouped, single } : { stream: g.int64([-1, dimensions]), single, grouped };
  const zeros = g.op('Expand', [g.int32(0), g.op('Shape', [ids])]);
  const token = g.op('Unsqueeze', [ids, g.int64([0])]);
  const { logits, present } = decoderStep(g, layers, { token, position, zeros, layout, mask, cross, past });
  const flat = g.op('Reshape', [logits, g.int64([-1, layers.blocks.padded])]);
  g.named('logProbabilities', 'LogSoftmax', [flat], { axis: -1 });
  g.output('logProbabilities', 'float32', ['rows', layers.blocks.padded]);
  present.forEach(({ key, value }, i) => {
    for (const [part, made] of [
      ['key', key],
      ['value', value],
    ] as const) {
      g.named(`present.${i}.${part}`, 'Identity', [made]);
      g.output(`present.${i}.${part}`, 'float32', ['rows', heads, 'total', dimensions / heads]);
    }
  });
  return g.build();
}
