import { describe, expect, it } from 'vitest';
import type { CloudEvent } from '../../../contracts/events.ts';
import type { Json } from '../../../contracts/json.ts';
import type { RuleDefinition } from '../../../contracts/rules.ts';
import { checkRule } from '../../../domain/events/rules/check.ts';
import { nextDeadline } from '../../../domain/events/rules/deadlines.ts';
import { matchPatterns } from '../../../domain/events/rules/match.ts';
import { startSimulation } from '../../../domain/events/rules/simulate.ts';
import { inZone } from '../../../domain/events/rules/text.ts';
import { pipelines } from '../../../pipelines/index.ts';

const start = Date.parse('2026-01-05T00:00:00Z');
const hour = 3_600_000;
const iso = (hours: number): string => new Date(start + hours * hour).toISOString();
const span = { from: new Date(start), to: new Date(start + 500 * hour) };

function event(type: string, hours: number, data: Json = { market: 'DE' }): CloudEvent {
  return {
    specversion: '1.0',
    source: `/${type}`,
    id: `${type}-${hours}-${JSON.stringify(data)}`,
    type,
    time: iso(hours),
    data,
  };
}

const alert = [{ alert: { severity: 'warning' as const, message: '{{ key }}: {{ size(missing) }} missing' } }];
const rule = (given: Partial<RuleDefinition> = {}): RuleDefinition =>
  checkRule(
    {
      id: 'both',
      mode: 'all',
      by: 'event.data.market',
      patterns: ['a', 'b', 'c'].map((name) => ({ name, type: name })),
      actions: { onMatch: alert },
      ...given,
    },
    pipelines,
  ).definition;

/** Numbers from a seed: https://en.wikipedia.org/wiki/Lehmer_random_number_generator */
function random(seed: number): (below: number) => number {
  let state = (seed * 48_271 + 1) % 2_147_483_647;
  return (below) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
}

function shuffled<T>(list: readonly T[], below: (n: number) => number): T[] {
  const rest = [...list];
  return list.map(() => rest.splice(below(rest.length), 1)[0] as T);
}

const simulateRule = (definition: RuleDefinition, events: readonly CloudEvent[], { from, to } = span) => {
  const simulation = startSimulation(definition, from);
  for (const event of events) simulation.take(event);
  simulation.end(to);
  return simulation.evaluations;
};
const firings = (definition: RuleDefinition, events: readonly CloudEvent[]) =>
  simulateRule(definition, events, span)
    .filter(({ outcome }) => outcome === 'fired')
    .map(({ key, events: used }) => ({ key, used }))
    .sort((x, y) => (x.key < y.key ? -1 : 1));

describe('any order, any duplicates', () => {
  it.each([...Array(50).keys()])('fire the same once for each group (seed %i)', (seed) => {
    const below = random(seed);
    const definition = rule({ within: '24h' });
    // Not every group is complete, and some are too far apart.
    const events = ['DE', 'FR', 'UK', 'NL'].flatMap((market) =>
      ['a', 'b', 'c'].filter(() => below(10) > 0).map((type) => event(type, below(30), { market })),
    );
    const wanted = firings(
      definition,
      [...events].sort((x, y) => (x.time < y.time ? -1 : 1)),
    );
    const again = shuffled([...events, ...events.filter(() => below(2) === 0)], below);
    expect(firings(definition, again)).toEqual(wanted);
  });

  it.each([...Array(50).keys()])('the newest before the last counts, however the others come (seed %i)', (seed) => {
    const below = random(seed);
    const many = [...Array(6).keys()].map((n) => event(n % 2 ? 'a' : 'b', n));
    const found = firings(rule(), [...shuffled(many, below), event('c', 10)]);
    expect(found).toEqual([
      {
        key: 'DE',
        used: {
          a: expect.objectContaining({ time: iso(5) }),
          b: expect.objectContaining({ time: iso(4) }),
          c: expect.anything(),
        },
      },
    ]);
  });

  it.each([...Array(100).keys()])('no event is used twice, none too far from another (seed %i)', (seed) => {
    const below = random(seed);
    const events = shuffled([...Array(60).keys()], below).map((n) => event(['a', 'b', 'c'][n % 3] ?? 'a', n / 2));
    const found = firings(rule({ within: '2h' }), [...events, ...events]);
    const used = found.flatMap(({ used: refs }) => Object.values(refs).map((ref) => ref?.id));
    expect(new Set(used).size).toBe(used.length);
    for (const { used: refs } of found) {
      const times = Object.values(refs).map((ref) => Date.parse(ref?.time ?? ''));
      expect(Math.max(...times) - Math.min(...times)).toBeLessThanOrEqual(2 * hour);
    }
  });
});

describe('deadlines', () => {
  const outcomes = (definition: RuleDefinition, events: readonly CloudEvent[]) =>
    simulateRule(definition, events, { ...span, to: new Date(start + 100 * hour) })
      .filter(({ outcome }) => outcome !== 'ignored')
      .map(({ outcome, key, deadlineAt }) => `${outcome} ${key} ${deadlineAt ?? ''}`.trim());

  it('count from the first event, also when a newer one takes its place', () => {
    const definition = rule({ deadline: { after: '24h' }, actions: { onMatch: alert, onDeadline: alert } });
    expect(outcomes(definition, [event('a', 0), event('a', 20)])).toEqual([
      'waiting DE',
      'waiting DE',
      `deadline DE ${iso(24)}`,
    ]);
    expect(outcomes(definition, [event('a', 0), event('b', 1), event('c', 2)])).toEqual([
      'waiting DE',
      'waiting DE',
      'fired DE',
    ]);
    // What comes after the deadline and the window begins anew.
    expect(outcomes(definition, [event('a', 0), event('b', 25)])).toEqual([
      'waiting DE',
      `deadline DE ${iso(24)}`,
      'waiting DE',
      `deadline DE ${iso(49)}`,
    ]);
  });

  it('of absence are told once for each silence, with every key that is listed', () => {
    const landing = (deadline: RuleDefinition['deadline']) =>
      rule({
        mode: 'absence',
        patterns: [{ name: 'a', type: 'a' }],
        ...(deadline ? { deadline } : {}),
        actions: { onDeadline: alert },
      });
    expect(outcomes(landing({ after: '24h' }), [event('a', 0), event('a', 20), event('a', 70)])).toEqual([
      'matched DE',
      'matched DE',
      `deadline DE ${iso(44)}`,
      'matched DE',
      `deadline DE ${iso(94)}`,
    ]);
    const daily = landing({ at: '06:00', zone: 'UTC', keys: ['DE', 'FR'] });
    const found = outcomes(daily, [
      event('a', 5),
      event('a', 5, { market: 'FR' }),
      event('a', 29),
      event('a', 54.5, { market: 'FR' }),
    ]);
    expect(found.filter((line) => line.startsWith('deadline'))).toEqual([
      `deadline FR ${iso(30)}`,
      `deadline DE ${iso(54)}`,
      `deadline FR ${iso(54)}`,
      `deadline DE ${iso(78)}`,
      `deadline FR ${iso(78)}`,
    ]);
  });

  it('are at six in Berlin on both sides of a change of the clock, and where the hour is left out or comes twice', () => {
    const six = { at: '06:00', zone: 'Europe/Berlin' };
    expect(nextDeadline(six, '2026-03-28T05:00:00.000Z')).toBe('2026-03-29T04:00:00.000Z');
    expect(nextDeadline(six, '2026-10-24T04:00:00.000Z')).toBe('2026-10-25T05:00:00.000Z');
    expect(nextDeadline({ ...six, at: '02:30' }, '2026-03-28T12:00:00.000Z')).toBe('2026-03-29T01:00:00.000Z');
    expect(nextDeadline({ ...six, at: '02:30' }, '2026-10-24T12:00:00.000Z')).toBe('2026-10-25T00:30:00.000Z');
    expect(nextDeadline({ ...six, days: ['MON'] }, '2026-03-28T05:00:00.000Z')).toBe('2026-03-30T04:00:00.000Z');
  });
});

describe('conditions', () => {
  const one = (pattern: object) => rule({ mode: 'any', patterns: [{ name: 'a', type: 'run.*', ...pattern }] });
  const run = {
    ...event('run.succeeded', 1, { market: 'DE', metrics: { 'evaluate.ndcg': 0.41 } }),
    source: '/pipelines/offers',
  };

  it('are kept with what they read', () => {
    const match = matchPatterns(one({ where: "event.data.metrics['evaluate.ndcg'] < 0.3" }), run);
    expect(match?.why).toBe(
      "a: `event.data.metrics['evaluate.ndcg'] < 0.3` is false (event.data.metrics['evaluate.ndcg'] = 0.41)",
    );
    expect(match?.conditions).toMatchObject([{ value: false, reads: { "event.data.metrics['evaluate.ndcg']": 0.41 } }]);
    expect(matchPatterns(one({ source: '/pipelines/trans*' }), run)?.why).toContain('source is "/pipelines/offers"');
    expect(matchPatterns(one({ source: '/pipelines/off*' }), run)?.groups).toEqual(new Map([['DE', ['a']]]));
    expect(matchPatterns(one({}), event('other', 1))).toBeNull();
  });

  it('that cannot be evaluated, or take too long, are errors of the evaluation', () => {
    expect(matchPatterns(one({ where: 'event.data.nothing.there == 1' }), run)).toMatchObject({ failed: true });
    expect(matchPatterns(one({ by: 'event.data.metrics' }), run)).toMatchObject({ failed: true });
    const slow = { ...run, data: { market: 'DE', text: `${'a'.repeat(40)}!` } };
    expect(matchPatterns(one({ where: "event.data.text.matches('^(a+)+$')" }), slow)?.why).toContain(
      'longer than 200 ms',
    );
    const twice = '.map(x, [x, x])'.repeat(24);
    expect(matchPatterns(one({ by: `[1]${twice}` }), run)?.why).toContain('longer than 200 ms');
  });

  it('with many stars are told at once, also of a text made to hold them up', () => {
    const pattern = (source: string, given: string) =>
      matchPatterns(one({ source, by: "'all'" }), { ...run, source: given })?.groups.size;
    expect(pattern(`${'*a'.repeat(200)}*b`, 'a'.repeat(500))).toBe(0);
    const found = [
      ['/a/*/c', '/a/b/c'],
      ['*', ''],
      ['a*a', 'aa'],
      ['a**b*c', 'abbc'],
      ['*b*', 'abc'],
      ['a*a', 'a'],
      ['a*b*b', 'ab'],
      ['*b*', 'ac'],
    ].map(([source = '', given = '']) => pattern(source, given));
    expect(found).toEqual([1, 1, 1, 1, 1, 0, 0, 0]);
  });

  it('keep text that PostgreSQL takes, wherever a long one is cut and whatever an expression makes', () => {
    const text = { ...run, data: { market: 'DE', text: `${'x'.repeat(498)}😀${'y'.repeat(100)}` } };
    const match = matchPatterns(one({ where: "event.data.text == ''", by: "'DE\\u0000' + event.data.market" }), text);
    expect(JSON.stringify(match?.conditions)).not.toMatch(/\\ud83d|\\u0000/);
    expect(matchPatterns(one({ by: "'DE\\u0000'" }), text)?.groups).toEqual(new Map([['DE\uFFFD', ['a']]]));
  });
});

it.each<[string, object, string]>([
  ['within', { within: '0h' }, 'is not a duration above 0'],
  ['by', { by: 'event.data.' }, 'is not valid CEL'],
  ['patterns.0.where', { patterns: [{ name: 'a', type: 'a', where: 'market == 1' }] }, 'Unknown variable: market'],
  [
    'patterns.1.name',
    {
      patterns: [
        { name: 'a', type: 'a' },
        { name: 'a', type: 'b' },
      ],
    },
    'is the name of an earlier',
  ],
  ['deadline', { mode: 'absence' }, 'is required in an absence rule'],
  [
    'deadline.zone',
    { deadline: { at: '06:00', zone: 'Berlin' }, actions: { onMatch: alert, onDeadline: alert } },
    'not an IANA',
  ],
  ['deadline.at', { deadline: { at: '25:00' } }, ''],
  ['actions.onDeadline', { deadline: { after: '1h' } }, 'must say what happens'],
  [
    'actions.onMatch.0.start.pipeline',
    { actions: { onMatch: [{ start: { pipeline: 'nothing' } }] } },
    'is not a pipeline',
  ],
  [
    'actions.onMatch.0.start.params.marked',
    { actions: { onMatch: [{ start: { pipeline: 'offers', params: { marked: 'key' } } }] } },
    'is not a parameter',
  ],
  [
    'actions.onMatch.0.alert.message',
    { actions: { onMatch: [{ alert: { severity: 'info', message: '{{ events.z.time }}' } }] } },
    'there is no such pattern',
  ],
])('refuses a fault of %s, with the field', (field, given, message) => {
  const refused = () => rule(given as Partial<RuleDefinition>);
  expect(refused).toThrow(
    expect.objectContaining({
      fields: expect.arrayContaining([expect.objectContaining({ field, message: expect.stringContaining(message) })]),
    }),
  );
});

describe('a sentence of an evaluation', () => {
  it('tells times of day in the zone of its reader, days and seconds with them', () => {
    const why = 'preprocess 2026-11-23 23:12 UTC ✓, release 2026-07-01 09:40:05 UTC ✓';
    expect(inZone(why, 'Europe/Berlin')).toBe('preprocess 2026-11-24 00:12 CET ✓, release 2026-07-01 11:40:05 CEST ✓');
    expect(inZone(why, 'UTC')).toBe(why);
  });
});
