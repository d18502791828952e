import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RolloutRecord } from '../../contracts/rollouts.ts';
import { advanceRollout } from '../../domain/rollout/index.ts';
import { type OpenApi, openApi } from '../api/support.ts';
import { type Answered, commandOn } from '../support/command.ts';
import { publishTranslation } from '../support/registry.ts';

let api: OpenApi;
let perennial: (...args: string[]) => Promise<Answered>;
const model = 'translation-en-de';

const done = async (...args: string[]): Promise<string> => {
  const { out, error } = await perennial(...args);
  expect(error, args.join(' ')).toBe('');
  return out;
};
const lines = async (...args: string[]): Promise<string[]> => (await done(...args)).trimEnd().split('\n');
const deploy = async (...args: string[]): Promise<RolloutRecord> => {
  const rollout = JSON.parse(await done('deploy', model, ...args, '--json')) as RolloutRecord;
  await advanceRollout({ rollouts: api.database.rollouts, clock: { now: () => new Date() } }, rollout.id);
  return rollout;
};

beforeAll(async () => {
  api = await openApi();
  perennial = await commandOn(api);
  for (const runId of ['run-1', 'run-2']) await publishTranslation(api, { runId, bleu: 30, weightBytes: 1000 });
  await done('models', 'promote', model, '--version', '1', '--reason', 'the first');
});
afterAll(() => api.close());

describe('perennial configurations', () => {
  it('lists what there is beside what is built in, adds by name, and compares', async () => {
    expect(await lines('configurations', 'ls', model)).toEqual([
      expect.stringContaining('configuration'),
      expect.stringMatching(/0 +in force +beam=1 memoryThreshold=0\.7 enforceTerms=true batchWindowMs=2 maxBatch=64/),
    ]);
    const added = ['configurations', 'add', model, '--set', 'beam=4', '--set', 'enforceTerms=false'];
    expect(await done(...added, '--reason', 'more careful')).toBe(
      `It is configuration 1: perennial deploy ${model} --configuration 1\n`,
    );
    expect((await lines('configurations', 'ls', model))[1]).toMatch(
      /1 +beam=4 enforceTerms=false .* admin of the test +more careful/,
    );
    const compared = await lines('configurations', 'compare', model, '0', '1');
    expect(compared.filter((line) => line.includes('differs'))).toEqual([
      expect.stringMatching(/^beam +1 +4 +differs/),
      expect.stringMatching(/^enforceTerms +true +false +differs/),
    ]);
    const wrong = await perennial('configurations', 'add', model, '--set', 'beam=99', '--reason', 'too much');
    expect(wrong.error).toMatch(/^PARAMETER_INVALID: .*settings\.beam = 99 must be <= 16/);
  });
});

describe('perennial deploy', () => {
  it('rolls settings out alone, on top of those in force, and shows what answers whom', async () => {
    const alone = await deploy('--set', 'beam=2', '--no-shadow', '--canary', '25');
    expect(alone).toMatchObject({ version: 1, configuration: 2, base: 1, baseConfiguration: 0 });
    expect(await done('rollouts', 'show', alone.id)).toContain(
      `${model} version 1 with configuration 2, in place of version 1: running, 25 % (step 1 of 2)`,
    );
    expect((await lines('rollouts', 'ls'))[1]).toMatch(/1 with configuration 2 +1 +running, 25 %/);
    expect(await done('models', 'show', model)).toContain(
      'callers are answered by version 1: 75 %, version 1 with configuration 2: 25 %',
    );
    expect((await lines('models', 'served', model)).slice(1)).toEqual([
      expect.stringMatching(/now +75 % +1 +0 +rollout +Version 1 with configuration 2 answers 25 % of the callers\./),
      expect.stringMatching(/now +25 % +1 +2 +rollout/),
    ]);
    for (const _ of [1, 2]) await done('rollouts', 'skip', alone.id, '--reason', 'seen enough');
    expect((await lines('configurations', 'ls', model))[1]).toMatch(/2 +in force +beam=2/);

    // On top of what is in force.
    const more = await deploy('--set', 'maxBatch=8', '--version', '2');
    expect(more).toMatchObject({ version: 2, configuration: 3, base: 1, baseConfiguration: 2 });
    expect((await api.database.configurations.get(model, 3))?.settings).toEqual({ beam: 2, maxBatch: 8 });
    await done('rollouts', 'abort', more.id, '--reason', 'not now');
    // What nobody sets any more is what is built in.
    expect(await deploy('--set', 'beam=')).toMatchObject({ version: 1, configuration: 0, baseConfiguration: 2 });
  });

  it('is passed by where somebody promotes with a configuration', async () => {
    const [rollout] = (await api.database.rollouts.list({ model }, { limit: 1 })).rollouts;
    await done('rollouts', 'abort', rollout?.id ?? '', '--reason', 'no need to');
    const promote = [
      'models',
      'promote',
      model,
      '--version',
      '1',
      '--configuration',
      '0',
      '--reason',
      'back to the start',
    ];
    expect(await done(...promote)).toBe(`${model} version 1 is now champion, served by configuration 0.\n`);
    expect((await lines('models', 'served', model))[1]).toMatch(
      /now +100 % +1 +0 +admin of the test +back to the start/,
    );
  });

  it('takes a number or settings, not both', async () => {
    const both = await perennial('deploy', model, '--set', 'beam=3', '--configuration', '1');
    expect(both.error).toContain("'--set <name=value>' cannot be used with option '--configuration <n>'");
    expect((await perennial('deploy', model, '--configuration', '77')).error).toMatch(
      /^NOT_FOUND: .*has no configuration 77/,
    );
  });
});
