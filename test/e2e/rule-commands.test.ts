import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { type Ended, perennial } from '../support/perennial.ts';
import { type RuleWorld, release, ruleWorld } from '../support/rules.ts';

const home = mkdtempSync(join(tmpdir(), 'perennial-rules-'));
let world: RuleWorld;
let env: Record<string, string>;
const run = (...args: string[]): Promise<Ended> => perennial(['rules', ...args], env);

beforeAll(async () => {
  world = await ruleWorld('2026-11-23T07:12:00Z');
  const url = await world.api.app.listen({ host: '127.0.0.1', port: 0 });
  env = { PERENNIAL_URL: url, PERENNIAL_API_KEY: world.api.keys.operator, PERENNIAL_HOME: home };
});
afterAll(async () => {
  await world.close();
  rmSync(home, { recursive: true, force: true });
});

it('takes a rule from a file to its end', async () => {
  const file = join(home, 'rules.yaml');
  writeFileSync(file, stringify([release]));
  expect((await run('apply', file)).stdout).toMatch(
    /^publish-after-release: made: preprocess \(run\.succeeded of \S+\) and release/,
  );
  expect((await run('ls')).stdout).toMatch(
    /publish-after-release .* within 24h, for each event\.data\.params\.market, else at 24h after the first +api +on/,
  );

  for (const market of ['DE', 'FR']) await world.deliver(await world.happens('offers-preprocess', market));
  expect((await run('groups', release.id)).stdout).toMatch(
    /DE +preprocess 2026-11-23 07:12:00 ✓ +release +2026-11-24 07:12:00/,
  );
  world.now = new Date('2026-11-23T09:40:00Z');
  await world.deliver(await world.happens('translation-release', 'DE'));
  const { stdout } = await run('evaluations', release.id, '--key', 'DE');
  expect(stdout).toMatch(
    /^2026-11-23 09:40:00 +fired for DE: preprocess 2026-11-23 07:12 UTC ✓, release 2026-11-23 09:40 UTC ✓\n {4}→ start publish market="DE" release="run-3" → run \S+\n/,
  );
  expect(stdout).toMatch(
    /waits for DE: has preprocess 2026-11-23 07:12 UTC ✓; waits for release until 2026-11-24 07:12 UTC/,
  );
  expect((await run('show', release.id)).stdout).toMatch(/^Rule publish-after-release \(made by API, version 1\)\n/);

  const tested = await run('test', file, '--from', '2026-11-23', '--to', '2026-11-25');
  expect(tested.stdout).toMatch(
    /deadline missed for FR: release did not come until 2026-11-24 07:12 UTC; has preprocess/,
  );
  expect(tested.stdout).toMatch(/→ critical alert "FR: release is missing at 2026-11-24T07:12:00\.000Z"/);
  expect(tested.stdout.trimEnd()).toMatch(
    /publish-after-release: 2 waiting, 1 fired, 1 deadline over 3 events; nothing was done$/,
  );

  expect((await run('disable', release.id, '--note', 'stocktaking')).stdout).toBe(
    'Rule publish-after-release is disabled: stocktaking\n',
  );
  expect((await run('enable', release.id)).stdout).toBe('Rule publish-after-release is enabled.\n');
  expect((await run('diff')).stdout).toContain('+ of-the-code');
  expect((await run('rm', release.id)).code).toBe(0);
  expect(await run('show', release.id)).toMatchObject({ code: 2, stderr: expect.stringContaining('no rule') });

  writeFileSync(file, stringify({ ...release, by: 'market' }));
  expect(await run('apply', file)).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('Unknown variable: market'),
  });
}, 60_000);
