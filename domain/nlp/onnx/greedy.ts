import { crossCaches, decoderStep, emptyCache, pastInputs, type RowLayout } from './decoder.ts';
import { encoder } from './encoder.ts';
import { GraphBuilder, type Value } from './graph.ts';
import type { Layers } from './layers.ts';
import type { GraphProto } from './proto.ts';
import { argMax } from './vocabulary.ts';

/**
 * Greedy decoding of a batch as one graph: encoder, and a Loop that runs until every sentence has ended.
 *
 * Inputs: those of the encoder, and `maxLength`, int64 scalar: most steps. Outputs: `tokens`, int64 [steps, sentences], of which
 * a sentence's count up to its first id ≤ 2 (end); and with `scores`, `logProbabilities`, float32 of the same size
 * (a softmax over the vocabulary more a step: 2–8 % of the time).
 */
export function greedyGraph(layers: Layers, { scores }: { readonly scores: boolean }): GraphProto {
  const { dimensions, decoderLayers } = layers.shape;
  const g = new GraphBuilder('greedy');
  const source = encoder(g, layers);
  const maxLength = g.input('maxLength', 'int64', []);
  const cross = crossCaches(g, layers, source);
  const column = g.op('Concat', [source.sentences, g.int64([1])], { axis: 0 });
  const zeros = g.op('Expand', [g.int32(0), source.sentences]);
  const none = emptyCache(g, layers, source.sentences);

  const body = g.body('step');
  const position = body.input('position', 'int64', []);
  body.input('go', 'bool', []);
  const token = body.input('token', 'int64', ['sentences', 1]);
  const lowest = body.input('lowest', 'int64', ['sentences', 1]);
  const past = pastInputs(body, layers, 'sentences');
  const stream = g.int64([-1, dimensions]);
  const layout: RowLayout =
    layers.precision === 'int8' ? { stream } : { stream, single: g.int64([0, 1, -1]), grouped: g.int64([0, 1, -1]) };
  const inputs = { token, position, zeros, layout, mask: source.mask, cross, past };
  const { logits, present } = decoderStep(body, layers, inputs);
  const scored = scores ? body.op('LogSoftmax', [logits], { axis: -1 }) : logits;
  const { id, best } = argMax(body, scored, layers.blocks);
  // A sentence has ended when the lowest of its ids is 2 or less.
  const reached = body.op('Min', [lowest, id]);
  const go = body.op('Greater', [body.op('ReduceMax', [reached], { keepdims: 0 }), g.int64(2)]);
  body.output(go, 'bool');
  body.output(id, 'int64');
  body.output(reached, 'int64');
  for (const { key, value } of present) {
    body.output(key, 'float32');
    body.output(value, 'float32');
  }
  body.output(id, 'int64');
  if (scores) body.output(body.op('ReduceMax', [best, g.int64([1])]), 'float32');

  const begin = g.op('Expand', [g.int64(1), column]);
  const high = g.op('Expand', [g.int64(layers.blocks.padded), column]);
  const carried = 2 + 2 * decoderLayers;
  const initial = [begin, high, ...Array<Value>(2 * decoderLayers).fill(none)];
  const results = g.multi('Loop', [maxLength, '', ...initial], carried + (scores ? 2 : 1), { body: body.build() });
  g.named('tokens', 'Squeeze', [results[carried] as Value, g.int64([2])]);
  g.output('tokens', 'int64', ['steps', 'sentences']);
  if (scores) {
    g.named('logProbabilities', 'Squeeze', [results[carried + 1] as Value, g.int64([2])]);
    g.output('logProbabilities', 'float32', ['steps', 'sentences']);
  }
  return g.build();
}
