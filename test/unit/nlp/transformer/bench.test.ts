import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { benchTrainTokens } from '../../../../bench/translate-train.ts';

// A peer of known speed, run by Node in the place of Python.
const peer = `
const [, , ...args] = process.argv;
if (args[args.indexOf('--dim') + 1] !== '16') throw new Error('the shape did not arrive');
console.log('a line before');
console.log(JSON.stringify({ peer: 'known', target_tokens_per_s: 1000 }));
`;
const small = {
  python: process.execPath,
  dimensions: 16,
  feedForward: 32,
  layers: 1,
  vocabulary: 50,
  batch: 8,
  length: 5,
};

describe('benchTrainTokens', () => {
  let folder: string;
  let script: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'peer-'));
    script = join(folder, 'peer.cjs');
    writeFileSync(script, peer);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('gives our speed over the speed that the peer prints for the same shape', async () => {
    const lines: string[] = [];
    const figures = await benchTrainTokens({ ...small, script, rounds: 2 }, (line) => lines.push(line));
    expect(figures).toMatchObject({ peer: 'known', peer_tokens_per_s: 1000, rounds: 2 });
    expect(figures.train_tokens_ratio).toBeCloseTo(figures.train_tokens_per_s / 1000, 1);
    expect(figures.train_tokens_per_s).toBeGreaterThan(0);
    expect(lines).toHaveLength(2);
  });

  it('says which script is missing, and which does not run', async () => {
    const absent = join(folder, 'absent.py');
    await expect(benchTrainTokens({ ...small, script: absent }, () => {})).rejects.toThrow(`not at ${absent}`);
    const other = { ...small, dimensions: 32, script, rounds: 1 };
    await expect(benchTrainTokens(other, () => {})).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  });
});
