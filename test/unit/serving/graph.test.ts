import { describe, expect, it } from 'vitest';
import type { NodeTiming } from '../../../contracts/serving.ts';
import { defineGraph, runGraph } from '../../../domain/serving/graph/index.ts';

interface Values {
  readonly input: string;
  readonly words: readonly string[];
  readonly length: readonly string[];
  readonly short: number;
  readonly long: number;
  readonly count: number;
  readonly answer: string;
}

/** Texts of more than two words go to one model, others to another; a third one counts both. */
const graph = defineGraph<Values, { readonly factor: number }, 'answer'>({
  id: 'words',
  output: 'answer',
  nodes: {
    words: { kind: 'transformer', needs: 'input', run: (text) => text.split(' ') },
    length: {
      kind: 'router',
      needs: 'words',
      branches: ['short', 'long'],
      choose: (words) => (words.length > 2 ? 'long' : 'short'),
    },
    short: { kind: 'model', needs: 'length', run: (words, { factor }) => words.length * factor },
    long: { kind: 'model', needs: 'length', run: async (words, { factor }) => 100 * words.length * factor },
    count: { kind: 'model', needs: 'words', run: (words) => words.length },
    answer: {
      kind: 'combiner',
      needs: ['short', 'long', 'count'],
      run: (values) =>
        Object.entries(values)
          .map(([name, value]) => `${name} ${value}`)
          .join(', '),
    },
  },
});

describe('a graph', () => {
  it('runs each node once, on the branches that routers choose, and tells the times', async () => {
    const timings: NodeTiming[] = [];
    expect(await runGraph(graph, 'a b', { factor: 2 }, (timing) => timings.push(timing))).toBe('short 4, count 2');
    expect(timings.map(({ node }) => node).sort()).toEqual(['answer', 'count', 'length', 'short', 'words']);
    expect(timings.find(({ node }) => node === 'length')).toMatchObject({ kind: 'router', chose: 'short' });
    for (const { fromMs, ms } of timings) expect(Math.min(fromMs, ms)).toBeGreaterThanOrEqual(0);
    expect(await runGraph(graph, 'a b c', { factor: 2 })).toBe('long 600, count 3');
  });

  it('computes side by side what does not need each other', async () => {
    const waiting: (() => void)[] = [];
    const both = (): Promise<number> =>
      new Promise((resolve) => {
        waiting.push(() => resolve(1));
        if (waiting.length === 2) for (const end of waiting) end();
      });
    const parallel = defineGraph<{ input: null; a: number; b: number; sum: number }, null, 'sum'>({
      id: 'parallel',
      output: 'sum',
      nodes: {
        a: { kind: 'model', needs: 'input', run: both },
        b: { kind: 'model', needs: 'input', run: both },
        sum: { kind: 'combiner', needs: ['a', 'b'], run: ({ a = 0, b = 0 }) => a + b },
      },
    });
    expect(await runGraph(parallel, null, null)).toBe(2);
  });

  it('fails with the error of its node, which is timed all the same', async () => {
    const timings: NodeTiming[] = [];
    const failing = defineGraph<{ input: null; model: number }, null, 'model'>({
      id: 'failing',
      output: 'model',
      nodes: { model: { kind: 'model', needs: 'input', run: () => Promise.reject(new Error('no weights')) } },
    });
    await expect(runGraph(failing, null, null, (timing) => timings.push(timing))).rejects.toThrow('no weights');
    expect(timings).toMatchObject([{ node: 'model' }]);
  });

  it('says so when a router chooses what is no branch of it', async () => {
    const lost = defineGraph<{ input: null; way: null; end: null }, null, 'end'>({
      id: 'lost',
      output: 'end',
      nodes: {
        way: { kind: 'router', needs: 'input', branches: ['end'], choose: () => 'elsewhere' },
        end: { kind: 'transformer', needs: 'way', run: () => null },
      },
    });
    await expect(runGraph(lost, null, null)).rejects.toThrow('The router way of lost chose "elsewhere"');
  });
});

describe('a definition that does not hold is refused', () => {
  const run = (): null => null;
  const one = { kind: 'transformer', needs: 'input', run };
  const refused = (nodes: object, output = 'a', id = 'graph'): unknown => {
    try {
      // biome-ignore lint/suspicious/noExplicitAny: what the types would refuse already
      defineGraph<any, null, any>({ id, output, nodes } as any);
    } catch (error) {
      return error;
    }
    return undefined;
  };
  it.each([
    ['a need that is no node', { a: { ...one, needs: 'b' } }, 'nodes.a.needs', 'is no node'],
    ['a kind that is none', { a: { ...one, kind: 'filter' } }, 'nodes.a.kind', 'must be one of transformer, model'],
    ['a node named input', { a: one, input: one }, 'nodes.input', 'not `input`'],
    ['a node that nothing reads', { a: one, b: one }, 'nodes.b', 'is read by no node'],
    ['a node that does nothing', { a: { kind: 'model', needs: 'input' } }, 'nodes.a.run', 'must be a function'],
    [
      'a circle',
      { a: { ...one, needs: 'b' }, b: { ...one, needs: 'c' }, c: { ...one, needs: 'b' } },
      'nodes.b.needs',
      'circle',
    ],
    ['a combiner of one id', { a: { kind: 'combiner', needs: 'input', run } }, 'nodes.a.needs', 'must be a list'],
    [
      'a branch that does not need its router',
      { a: one, r: { kind: 'router', needs: 'input', branches: ['a'], choose: run } },
      'nodes.r.branches',
      'needs "r" alone',
    ],
    [
      'a node behind a router that does not name it',
      {
        a: { kind: 'combiner', needs: ['b', 'r'], run },
        b: { ...one, needs: 'r' },
        r: { kind: 'router', needs: 'input', branches: ['b'], choose: run },
      },
      'nodes.a.needs',
      'does not name it as a branch',
    ],
  ])('%s', (_what, nodes, field, words) => {
    expect(refused(nodes)).toMatchObject({
      code: 'DEFINITION_INVALID',
      fields: [{ field, message: expect.stringContaining(words) }],
    });
  });

  it('an output that is no node, an id that is none', () => {
    expect(refused({ a: one }, 'z')).toMatchObject({ fields: [{ field: 'output', value: 'z' }] });
    expect(refused({ a: one }, 'a', 'A graph')).toMatchObject({ fields: [{ field: 'id' }] });
  });
});
