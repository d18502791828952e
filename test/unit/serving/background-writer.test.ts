import { expect, it } from 'vitest';
import { BackgroundWriter } from '../../../domain/serving/index.ts';

it('keeps the newest, up to its bound, while the database does not answer', async () => {
  const kept: number[] = [];
  let isDown = true;
  const writer = new BackgroundWriter<number>({
    what: 'Numbers',
    write: async (batch) => {
      if (isDown) throw new Error('it is down');
      kept.push(...batch);
    },
    onFailure: () => {},
    everyMs: 60_000,
  });
  let next = 0;
  for (let round = 0; round < 3; round++) {
    for (let i = 0; i < 10_000; i++) writer.add(next++);
    const writing = writer.close();
    // What comes while a writing fails.
    await Promise.resolve();
    for (let i = 0; i < 5_000; i++) writer.add(next++);
    await writing;
  }
  isDown = false;
  await writer.close();
  expect(kept).toEqual(Array.from({ length: 10_000 }, (_, i) => next - 10_000 + i));
});

it('bounds what waits and each writing by weight, and writes what is heavier than that alone', async () => {
  const batches: string[][] = [];
  const writer = new BackgroundWriter<string>({
    what: 'Texts',
    write: async (batch) => void batches.push([...batch]),
    onFailure: () => {},
    weight: (text) => text.length,
    mostWaiting: 20,
    mostAtOnce: 6,
    everyMs: 60_000,
  });
  for (const text of ['x'.repeat(12), 'aaa', 'bbb', 'c', 'd'.repeat(8), 'ee']) writer.add(text);
  await writer.close();
  expect(batches).toEqual([['aaa', 'bbb'], ['c'], ['d'.repeat(8)], ['ee']]);
});
