import { describe, expect, it } from 'vitest';
import type { AliasChange, ModelVersion } from '../../../contracts/models.ts';
import { modelCard } from '../../../domain/registry/card/index.ts';
import { modelVersion } from '../../support/models.ts';

const facts = {
  title: 'Next <products>',
  use: ['Lists what customers buy.'],
  limits: ['Knows purchases alone.'],
  metrics: {
    ndcg: { title: 'NDCG@10', better: 'higher' as const },
    error: { title: 'Calibration error', better: 'lower' as const, digits: 4 },
  },
};
const lineage = (seed: number) => ({
  ...{ pipeline: 'offers', run: `run-${seed}`, step: 'publish', lastDate: '2026-02-28', inputs: ['a'] },
  code: { version: '1.2.3', commit: 'c0ffee', steps: { train: String(seed) } },
  data: [
    { dataset: 'offers/sales', rows: 1000 * seed, sha256: `${seed}`.repeat(64), from: '2026-01-01', to: '2026-02-28' },
  ],
  params: { seed, source: '' },
});
const version = (n: number, given: Partial<ModelVersion> = {}): ModelVersion =>
  modelVersion({
    ...{ model: 'offers', version: n, facts, lineage: lineage(n), metrics: { ndcg: 0.3 + n / 100, error: 0.01 } },
    ...{ createdAt: `2026-03-0${n}T06:00:00.000Z`, ...given },
  });
const change = (at: number, of: number | null, given: Partial<AliasChange> = {}): AliasChange => ({
  ...{ model: 'offers', alias: 'champion', version: of, at: `2026-03-0${at}T07:10:00.000Z`, by: `run run-${of}` },
  ...{ reason: 'better beyond chance', kind: 'set', runId: null, decisionId: null },
  ...given,
});

async function card(of: ModelVersion, others: readonly ModelVersion[] = [], changes: readonly AliasChange[] = []) {
  const versions = [of, ...others].sort((a, b) => b.version - a.version);
  const models = { list: async () => versions, history: async () => [...changes] };
  const page = await modelCard(models, of, new Date('2026-03-09T00:00:00Z'));
  return page
    .replaceAll(/<style>.*?<\/style>/gs, '')
    .replaceAll(/<[^>]+>/g, ' ')
    .replaceAll(/\s+/g, ' ');
}

describe('the card of a version', () => {
  it('of the champion says since when and why, and compares it with the one before', async () => {
    const changes = [change(2, 2), change(1, 1, { reason: 'the first' })];
    const text = await card(version(2, { aliases: ['champion'] }), [version(1)], changes);
    expect(text).toContain('✓ Champion Next &lt;products&gt;, version 2');
    expect(text).toContain(
      'has been the champion since 2026-03-02, 07:10 UTC, promoted by run run-2: better beyond chance.',
    );
    expect(text).toContain('NDCG@10 0.320 +0.010 against version 1, better');
    expect(text).toContain('Calibration error 0.0100 ±0 against version 1');
    expect(text).toContain('better in 1 of 2 figures.');
    expect(text).toContain('What differs from version 1');
    expect(text).toContain('parameter seed 2 1');
    expect(text).toContain('code step train 2 1');
    expect(text).toContain('offers/sales 2,000 rows, 2026-01-01 to 2026-02-28, 222222222222 1,000 rows');
  });

  it('tells what it is for, its limits, its data, code and parameters, and what served', async () => {
    const given = { description: 'Checked in DE', labels: { team: 'sales', pilot: '' } };
    const text = await card(version(1, given), [], [change(1, 1), change(3, null)].toReversed());
    for (const words of [
      'What it is for Checked in DE Lists what customers buy. Labels: team: sales, pilot.',
      'Limits Knows purchases alone.',
      'offers/sales 2026-01-01 to 2026-02-28 1,000 – 111111111111',
      'Perennial 1.2.3, commit c0ffee',
      'Parameters (2) parameter value seed 1 source (empty)',
      'Code of the steps (1) step version train 1',
      'champion 2026-03-01, 07:10 UTC 2026-03-03, 07:10 UTC run run-1 better beyond chance',
      'There is no other version to compare it with.',
    ])
      expect(text).toContain(words);
  });

  it('says how every other version stands', async () => {
    const champion = version(2, { aliases: ['champion'] });
    const changes = [change(2, 2), change(1, 1)];
    expect(await card(version(1), [champion], changes)).toContain(
      'Version 1 was the champion from 2026-03-01, 07:10 UTC to 2026-03-02, 07:10 UTC. Version 2 is the champion.',
    );
    const tried = change(3, 3, { alias: 'challenger', reason: 'not better beyond chance' });
    const challenger = await card(version(3, { aliases: ['challenger'] }), [champion], [tried, ...changes]);
    expect(challenger).toContain('– Challenger');
    expect(challenger).toContain('not better beyond chance. Version 2 is the champion.');
    expect(await card(version(4), [champion], changes)).toContain(
      'Version 4 serves nowhere. Version 2 is the champion.',
    );
    const back = [change(4, 1, { kind: 'rollback', by: 'ada', reason: 'worse in DE' }), ...changes];
    expect(await card(version(1, { aliases: ['champion'] }), [version(2)], back)).toContain(
      'brought back by ada: worse in DE.',
    );
    const deleted = { at: '2026-03-05T00:00:00.000Z', by: 'retention', reason: 'older than 30 days' };
    expect(await card(version(1, { deleted }), [champion], changes)).toContain(
      'Version 1 was deleted on 2026-03-05, 00:00 UTC by retention: older than 30 days. Its record is kept, its files are not.',
    );
  });

  it('is made of what there is of a version without facts, figures or lineage', async () => {
    const text = await card(modelVersion({ model: 'own', lineage: { run: 7 } }));
    expect(text).toContain(
      'own, version 1 Version 1 serves nowhere. No version is the champion. How good it is It has no figures.',
    );
    expect(text).toContain('run r format version 1');
  });
});
