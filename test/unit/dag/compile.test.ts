import { Type } from 'typebox';
import { describe, expect, it } from 'vitest';
import { PerennialError } from '../../../contracts/errors.ts';
import { compilePlan, definePipeline } from '../../../domain/dag/compile.ts';
import type { StepDefinition } from '../../../domain/dag/definition.ts';

const run = () => null;

function pipelineOf(steps: Record<string, Partial<StepDefinition>>, id = 'demo') {
  return {
    id,
    title: 'Demo',
    description: 'For tests.',
    params: Type.Object({ n: Type.Integer({ default: 3 }) }),
    steps: Object.fromEntries(Object.entries(steps).map(([name, step]) => [name, { run, ...step }])),
  };
}

function faultsOf(steps: Record<string, Partial<StepDefinition>>, id?: string): string[] {
  try {
    definePipeline(pipelineOf(steps, id));
  } catch (error) {
    expect(error).toBeInstanceOf(PerennialError);
    expect((error as PerennialError).code).toBe('DEFINITION_INVALID');
    return ((error as PerennialError).fields ?? []).map((f) => `${f.field} ${f.message}`);
  }
  return [];
}

describe('a step that is a program', () => {
  const command = (given: object, more: object = {}) =>
    faultsOf({ a: { run: undefined, command: { argv: ['python3'], ...given }, ...more } as never });

  it('takes a program, its environment and exit codes', () => {
    expect(command({ env: { OMP_NUM_THREADS: '2' }, retryExitCodes: [75, 111] })).toEqual([]);
  });

  it.each([
    [{ argv: [] }, 'steps.a.command.argv must name a program'],
    [{ argv: ['a\0b'] }, 'steps.a.command.argv must not hold a NUL character'],
    [{ env: { 'A-B': '1' } }, 'steps.a.command.env is no name that a step may set'],
    [{ env: { PERENNIAL_REQUEST: '1' } }, 'steps.a.command.env is no name that a step may set'],
    [{ retryExitCodes: [0] }, 'steps.a.command.retryExitCodes must be a whole number from 1 to 255'],
  ])('is refused as %j: %s', (given, fault) => {
    expect(command(given)).toEqual([fault]);
  });

  it('is either this or code', () => {
    expect(command({}, { run })).toEqual(['steps.a.command stands beside run: a step has one of both']);
    expect(faultsOf({ a: { run: undefined } as never })).toEqual([
      'steps.a.run is missing: a step has either run or command',
    ]);
  });

  it('has another code version with other arguments, and the same with other values in its environment', () => {
    const version = (given: object) =>
      compilePlan(pipelineOf({ a: { run: undefined, command: { argv: ['x'], ...given } } as never })).steps[0]
        ?.codeVersion;
    expect(version({ argv: ['x', '--fast'] })).not.toBe(version({}));
    expect(version({ env: { TOKEN: 'a' } })).toBe(version({ env: { TOKEN: 'b' } }));
  });
});

describe('definePipeline', () => {
  it('puts steps in an order in which needs come first', () => {
    const plan = compilePlan(pipelineOf({ c: { needs: ['b'] }, a: {}, b: { needs: ['a'] } }));
    expect(plan.steps.map((s) => s.id)).toEqual(['a', 'b', 'c']);
  });

  it('gives equal definitions equal hashes and others other ones', () => {
    const first = compilePlan(pipelineOf({ a: {}, b: { needs: ['a'] } }));
    expect(compilePlan(pipelineOf({ a: {}, b: { needs: ['a'] } })).hash).toBe(first.hash);
    expect(compilePlan(pipelineOf({ a: {}, b: { needs: ['a'], version: '2' } })).hash).not.toBe(first.hash);
  });

  it('names the steps of a cycle', () => {
    expect(faultsOf({ a: { needs: ['c'] }, b: { needs: ['a'] }, c: { needs: ['b'] } })[0]).toMatch(
      /cycle: a → c → b → a/,
    );
  });

  it.each<[string, Record<string, Partial<StepDefinition>>, RegExp]>([
    ['an unknown need', { a: { needs: ['x'] } }, /steps\.a\.needs is not a step of this pipeline/],
    ['a need of itself', { a: { needs: ['a'] } }, /names the step itself/],
    ['a need twice', { a: {}, b: { needs: ['a', 'a'] } }, /names a step twice/],
    ['a bad id', { 'A b': {} }, /must begin with a lower-case letter/],
    ['a bad duration', { a: { timeout: '0s' } }, /steps\.a\.timeout must be a duration/],
    ['a bad number of attempts', { a: { retry: { attempts: 0 } } }, /steps\.a\.retry\.attempts/],
    ['a condition that does not parse', { a: { when: 'params.n >' } }, /steps\.a\.when .*not valid/],
    ['a condition on an unknown name', { a: { when: 'parms.n > 1' } }, /Unknown variable: parms/],
    [
      'a condition on a step that is not upstream',
      { a: {}, b: { when: 'steps.a.output == 1' } },
      /not upstream of "b"/,
    ],
    ['a tolerated share above 1', { a: { map: { over: 'params.n', toleratedFailures: 2 } } }, /toleratedFailures/],
  ])('refuses %s', (_name, steps, message) => {
    expect(faultsOf(steps).join('\n')).toMatch(message);
  });

  it('reports all faults at once', () => {
    expect(faultsOf({ a: { needs: ['x'] }, 'B!': {} }, 'Bad Id')).toHaveLength(3);
  });
});

describe('a limit on runs of a key', () => {
  const limited = (concurrency: object) => {
    try {
      definePipeline({ ...pipelineOf({ a: {} }), concurrency });
    } catch (error) {
      return ((error as PerennialError).fields ?? []).map((f) => `${f.field} ${f.message}`);
    }
    return [];
  };

  it('goes by a parameter that there is', () => {
    expect(limited({ perKey: 1, key: 'n' })).toEqual([]);
    expect(limited({ perKey: 1, key: 'm' })).toEqual(['concurrency.key is not a parameter; there are n']);
  });

  it('needs one', () => {
    expect(limited({ perKey: 1 })).toEqual(['concurrency.perKey needs concurrency.key or partition.key']);
    expect(limited({ perKey: 0, key: 'n' })).toEqual(['concurrency.perKey must be a whole number from 1']);
  });
});
