import { expect, it } from 'vitest';
import { firstIndexHeader, ReplicaLostError, requestHeader } from '../../../../contracts/serving.ts';
import { remoteTranslation } from '../../../../domain/nlp/translator/index.ts';
import type { ReplicaAnswer } from '../../../../domain/ports/serving.ts';

/** An answer of so many texts, which breaks off then. */
const broken = (count: number): ReplicaAnswer => ({
  status: 200,
  headers: {},
  text: async () => '',
  async *lines() {
    for (let index = 0; index < count; index++) yield JSON.stringify({ index, text: `t${index}` });
    throw new ReplicaLostError('http://127.0.0.1:1', 'it died');
  },
});

async function textsOf(count: number): Promise<string[]> {
  const remote = remoteTranslation({
    check: () => {},
    call: () => Promise.reject(new Error('nothing is called')),
    stream: (_graph, _call, read) => read(broken(count)) as never,
  });
  const found: string[] = [];
  for await (const { text } of remote.stream({ text: ['a', 'b', 'c'], target: 'de' })) found.push(text);
  return found;
}

it('needs no other replica where one is lost after the last answer, and one where it is lost before', async () => {
  expect(await textsOf(3)).toEqual(['t0', 't1', 't2']);
  await expect(textsOf(2)).rejects.toThrow(ReplicaLostError);
});

it('tells a replica that goes on with a stream which place its first text has in the request', async () => {
  const told: (string | undefined)[][] = [];
  const remote = remoteTranslation({
    check: () => {},
    call: () => Promise.reject(new Error('nothing is called')),
    async *stream(_graph, call, read) {
      for (const count of [2, 1]) {
        const { headers = {} } = typeof call === 'function' ? call() : call;
        told.push([headers[requestHeader], headers[firstIndexHeader]]);
        try {
          yield* read(broken(count));
        } catch {
          // Another one goes on.
        }
      }
    },
  });
  const found: number[] = [];
  const answers = remote.stream({ text: ['a', 'b', 'c'], target: 'de' }, { requestId: 'r' });
  for await (const { index } of answers) found.push(index);
  expect(found).toEqual([0, 1, 2]);
  expect(told).toEqual([
    ['r', '0'],
    ['r', '2'],
  ]);
});
