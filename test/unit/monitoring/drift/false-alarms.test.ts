import { describe, expect, it } from 'vitest';
import { type DriftOptions, detectDrift } from '../../../../domain/monitoring/drift/index.ts';
import { type Frame, profileOf, type ReferenceProfile } from '../../../../domain/monitoring/reference/index.ts';
import { Random } from '../../../../domain/nlp/random.ts';
import { mixedRows } from '../support.ts';

const windows = 300;
/** Tests alone, so that floors hide no false alarm. */
const bare: DriftOptions = {
  permutations: 99,
  floors: { ks: 0, psi: 0, 'jensen-shannon': 0, 'chi-squared': 0, missing: 0, classifier: 0 },
};

/** Alarms of windows that come from where the reference comes from; each has a reference of its own. */
async function alarms(make: (rows: number, random: Random) => Frame, reference: number, rows: number, own = bare) {
  const random = new Random(5);
  let found = 0;
  for (let w = 0; w < windows; w++) {
    const profile: ReferenceProfile = profileOf(make(reference, random));
    if ((await detectDrift(profile, make(rows, random), { ...own, seed: w })).alarm) found++;
  }
  return found / windows;
}

/** A rate of 5 % gives a share beyond these in less than one of a thousand tries of 300 windows. */
const [least, most] = [0.013, 0.094];

/** Units of five rows that are all alike. */
function clustered(rows: number, random: Random): Frame {
  const units = Int32Array.from({ length: rows }, (_, row) => Math.floor(row / 5));
  const level = Float64Array.from({ length: rows }, () => random.normal());
  const kind = Int32Array.from({ length: rows }, () => random.below(3));
  return {
    rows,
    units,
    columns: {
      level: { type: 'numeric', values: Float64Array.from(units, (unit) => level[unit]! + 0.1 * random.normal()) },
      kind: { type: 'category', labels: ['a', 'b', 'c'], codes: units.map((unit) => kind[unit]!) },
    },
  };
}

describe('a window without change', () => {
  it('has an alarm as often as stated, by all columns and statistics together', { timeout: 120_000 }, async () => {
    const rate = await alarms(mixedRows, 240, 60);
    expect(rate).toBeGreaterThan(least);
    expect(rate).toBeLessThan(most);
  });

  it('has it at another level too', { timeout: 120_000 }, async () => {
    const rate = await alarms(mixedRows, 240, 60, { ...bare, level: 0.2 });
    expect(rate).toBeGreaterThan(0.13);
    expect(rate).toBeLessThan(0.28);
  });

  it('has it when rows depend on each other and are exchanged by units', { timeout: 120_000 }, async () => {
    const rate = await alarms(clustered, 400, 100);
    expect(rate).toBeGreaterThan(least);
    expect(rate).toBeLessThan(most);
    const withoutUnits = (rows: number, random: Random) => ({
      ...clustered(rows, random),
      units: Int32Array.from({ length: rows }, (_, r) => r),
    });
    expect(await alarms(withoutUnits, 400, 100)).toBeGreaterThan(0.5);
  });

  it('has it when whole days are exchanged, each of its own mood', { timeout: 120_000 }, async () => {
    const days = (rows: number, random: Random): Frame => {
      const units = Int32Array.from({ length: rows }, (_, row) => Math.floor(row / 12));
      const mood = Float64Array.from({ length: rows }, () => random.normal());
      const values = Float64Array.from(units, (unit) => mood[unit]! + random.normal());
      const codes = units.map((unit) => (random.normal() < mood[unit]! ? 1 : 0));
      return {
        rows,
        units,
        columns: { value: { type: 'numeric', values }, flag: { type: 'category', labels: ['no', 'yes'], codes } },
      };
    };
    const rate = await alarms(days, 12 * 59, 12);
    expect(rate).toBeGreaterThan(least);
    expect(rate).toBeLessThan(most);
  });
});
