import { describe, expect, it } from 'vitest';
import { judgeAnswers } from '../../../bench/rollout-answers.ts';
import type { TrafficRecord } from '../../../contracts/traffic.ts';
import { variantFor } from '../../../domain/serving/index.ts';

const state = (seconds: number, routes: TrafficRecord['routes'], revision: number): TrafficRecord => ({
  model: 'm',
  routes,
  rollout: routes.length > 1 ? { id: 'r', step: 0, comparedPerSecond: 1 } : null,
  revision,
  at: new Date(seconds * 1000).toISOString(),
  by: '',
  reason: '',
});
const half = [
  { version: 2, configuration: 0, share: 0.5 },
  { version: 3, configuration: 0, share: 0.5 },
];
const traffic = [
  state(0, [{ version: 1, configuration: 0, share: 1 }], 1),
  state(10, [{ version: 2, configuration: 0, share: 1 }], 2),
  state(20, half, 3),
  state(30, [{ version: 2, configuration: 0, share: 1 }], 4),
];
const answer = (seconds: number, version: number, caller = 'a', configuration = 0) => ({
  caller,
  variant: { version, configuration },
  sentAt: seconds * 1000,
  answeredAt: seconds * 1000 + 5,
});

describe('judgeAnswers', () => {
  it('lets a change take two seconds', () => {
    expect(judgeAnswers([answer(11.9, 1), answer(10.1, 2)], traffic)).toEqual({ stale: 0, unsticky: 0 });
    expect(judgeAnswers([answer(12.1, 1)], traffic)).toEqual({ stale: 1, unsticky: 1 });
    expect(judgeAnswers([answer(32.1, 3)], traffic)).toEqual({ stale: 1, unsticky: 1 });
    // By a configuration that nobody is served by.
    expect(judgeAnswers([answer(32.1, 2, 'a', 1)], traffic)).toEqual({ stale: 1, unsticky: 1 });
  });

  it('counts answers of another version than the caller has; the base may stand in', () => {
    const callers = Array.from({ length: 50 }, (_, i) => `caller ${i}`);
    const version = (caller: string) => variantFor({ model: 'm', routes: half }, caller).version;
    expect(
      judgeAnswers(
        callers.map((caller) => answer(25, version(caller), caller)),
        traffic,
      ).unsticky,
    ).toBe(0);
    const ofBase = callers.filter((caller) => version(caller) === 2);
    expect(
      judgeAnswers(
        ofBase.map((caller) => answer(25, 3, caller)),
        traffic,
      ),
    ).toEqual({ stale: 0, unsticky: ofBase.length });
    expect(
      judgeAnswers(
        callers.map((caller) => answer(25, 2, caller)),
        traffic,
      ).unsticky,
    ).toBe(0);
  });
});
