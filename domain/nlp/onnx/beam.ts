import { type Cache, crossCaches, decoderStep, emptyCache, pastInputs, type RowLayout } from './decoder.ts';
import { encoder } from './encoder.ts';
import { GraphBuilder, type Value } from './graph.ts';
import type { Layers } from './layers.ts';
import type { GraphProto } from './proto.ts';
import { topK } from './vocabulary.ts';

/**
 * Beam search of a batch as one graph. Of each sentence `beam` unended hypotheses go on; each step every one of them may also
 * end, and its end counts if it is among the `beam` best continuations of that step. A sentence is done when it has as many
 * ended ones (as fairseq does); the caller normalises their scores by length, and follows the parents back.
 *
 * Inputs: those of the encoder, `maxLength` int64 scalar (most steps), `beam` int64 [1]. Outputs, [steps, sentences, beam] each:
 * `tokens` int64 (of the hypotheses that go on, best first), `parents` int64 (which of the step before each continues),
 * `scores` float32 (sums of log-probabilities) and `endScores` float32 (the score, did the hypothesis of the step
 * before end here; before the first step there is one, the empty one).
 */
export function beamGraph(layers: Layers): GraphProto {
  const { dimensions, decoderLayers } = layers.shape;
  const g = new GraphBuilder('beam');
  const source = encoder(g, layers);
  const maxLength = g.input('maxLength', 'int64', []);
  const beam = g.input('beam', 'int64', [1]);
  const cross = crossCaches(g, layers, source);
  const rows = g.op('Mul', [source.sentences, beam]);
  const table = g.op('Concat', [source.sentences, beam], { axis: 0 });
  const candidates = g.op('Add', [beam, g.int64([3])]);
  const beamScalar = g.op('Squeeze', [beam]);
  const range = (count: Value) => g.op('Range', [g.int64(0), count, g.int64(1)]);
  // Row of the first hypothesis of each sentence, [sentences, 1].
  const firsts = g.op('Mul', [g.op('Unsqueeze', [range(g.op('Squeeze', [source.sentences])), g.int64([1])]), beam]);

  const body = g.body('step');
  const position = body.input('position', 'int64', []);
  body.input('go', 'bool', []);
  const token = body.input('token', 'int64', ['sentences', 'beam']);
  const score = body.input('score', 'float32', ['sentences', 'beam']);
  const ended = body.input('ended', 'float32', ['sentences', 1]);
  const past = pastInputs(body, layers, 'rows');
  const grouped = g.op('Concat', [g.int64([-1]), beam, g.int64([dimensions])], { axis: 0 });
  const single = g.int64([-1, 1, 3 * dimensions]);
  const layout: RowLayout =
    layers.precision === 'int8' ? { stream: grouped, single } : { stream: g.int64([-1, dimensions]), single, grouped };
  const inputs = { token, position, zeros: g.op('Expand', [g.int32(0), rows]), layout, mask: source.mask, cross, past };
  const { logits, present } = decoderStep(body, layers, inputs);
  const flat = body.op('Reshape', [logits, g.int64([-1, layers.blocks.padded])]);
  const logProbabilities = body.op('LogSoftmax', [flat], { axis: -1 });

  const endLog = body.op('Gather', [logProbabilities, g.int64([2])], { axis: 1 });
  const endScores = body.op('Add', [body.op('Reshape', [endLog, table]), score]);
  // Of each hypothesis the best continuations; three more than needed, for those with the special ids 0 to 2 drop out.
  const best = topK(body, logProbabilities, candidates, layers.blocks);
  const usable = body.op('Where', [
    body.op('Greater', [best.ids, g.int64(2)]),
    best.scores,
    g.float32(Number.NEGATIVE_INFINITY),
  ]);
  const wide = g.op('Concat', [source.sentences, g.op('Mul', [beam, candidates])], { axis: 0 });
  const summed = body.op('Add', [usable, body.op('Reshape', [score, g.int64([-1, 1])])]);
  const [nextScore, at] = body.multi('TopK', [body.op('Reshape', [summed, wide]), beam], 2) as [Value, Value];
  const parent = body.op('Div', [at, candidates]);
  const next = body.op('GatherElements', [body.op('Reshape', [best.ids, wide]), at], { axis: 1 });

  const all = body.op('Concat', [nextScore, endScores], { axis: 1 });
  const leading = body.multi('TopK', [all, beam], 2)[0] as Value;
  const threshold = body.op('ReduceMin', [leading, g.int64([1])], { keepdims: 1 });
  // A finite floor, so that hypotheses that do not exist (−∞) never count as ended.
  const counts = body.op('GreaterOrEqual', [endScores, body.op('Max', [threshold, g.float32(-1e29)])]);
  const newlyEnded = body.op('ReduceSum', [body.op('Cast', [counts], { to: 1 }), g.int64([1])], { keepdims: 1 });
  const nowEnded = body.op('Add', [ended, newlyEnded]);
  const fewest = body.op('ReduceMin', [nowEnded], { keepdims: 0 });

  const row = body.op('Reshape', [body.op('Add', [parent, firsts]), g.int64([-1])]);
  const reordered: Cache[] = present.map(({ key, value }) => ({
    key: body.op('Gather', [key, row], { axis: 0 }),
    value: body.op('Gather', [value, row], { axis: 0 }),
  }));
  body.output(body.op('Less', [fewest, g.op('Cast', [beamScalar], { to: 1 })]), 'bool');
  body.output(next, 'int64');
  body.output(nextScore, 'float32');
  body.output(nowEnded, 'float32');
  for (const { key, value } of reordered) {
    body.output(key, 'float32');
    body.output(value, 'float32');
  }
  body.output(next, 'int64');
  body.output(parent, 'int64');
  body.output(nextScore, 'float32');
  body.output(endScores, 'float32');

  // At first one hypothesis exists; the others have score −∞, and none of its continuations comes twice.
  const others = g.op('Greater', [g.op('Expand', [range(beamScalar), table]), g.int64(0)]);
  const initialScore = g.op('Where', [others, g.float32(Number.NEGATIVE_INFINITY), g.float32(0)]);
  const initial = [
    g.op('Expand', [g.int64(1), table]),
    initialScore,
    g.op('Expand', [g.float32(0), g.op('Concat', [source.sentences, g.int64([1])], { axis: 0 })]),
    ...Array<Value>(2 * decoderLayers).fill(emptyCache(g, layers, rows)),
  ];
  const carried = 3 + 2 * decoderLayers;
  const results = g.multi('Loop', [maxLength, '', ...initial], carried + 4, { body: body.build() });
  for (const [i, name] of ['tokens', 'parents', 'scores', 'endScores'].entries()) {
    g.named(name, 'Identity', [results[carried + i] as Value]);
    g.output(name, i < 2 ? 'int64' : 'float32', ['steps', 'sentences', 'beam']);
  }
  return g.build();
}
