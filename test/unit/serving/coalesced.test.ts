import { expect, it } from 'vitest';
import { coalesced } from '../../../domain/serving/coalesced.ts';

it('does work once at a time, and once more for all who asked meanwhile', async () => {
  const ends: (() => void)[] = [];
  const work = coalesced(() => new Promise((resolve) => ends.push(resolve)));
  await work.idle();
  const first = work.ask();
  const [second, third] = [work.ask(), work.ask()];
  expect(ends).toHaveLength(1);
  ends[0]!();
  await new Promise(setImmediate);
  expect(ends).toHaveLength(2);
  ends[1]!();
  await Promise.all([first, second, third, work.idle()]);
  void work.ask();
  expect(ends).toHaveLength(3);
  ends[2]!();
  await work.idle();
});
