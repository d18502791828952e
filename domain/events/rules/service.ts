import { setImmediate as otherWork } from 'node:timers/promises';
import type { DefinitionChange } from '../../../contracts/definitions.ts';
import { PerennialError } from '../../../contracts/errors.ts';
import type {
  RuleDefinition,
  RuleEvaluation,
  RuleGroup,
  RuleOutcome,
  RuleRecord,
  RuleTest,
} from '../../../contracts/rules.ts';
import type { AnyPipeline } from '../../dag/definition.ts';
import type { Clock } from '../../ports/clock.ts';
import type { EventHistory } from '../../ports/events.ts';
import type { RuleRepository } from '../../ports/rules.ts';
import { checkRule } from './check.ts';
import { codeRules, diffRules } from './code.ts';
import { mostEvaluations, type Simulation, startSimulation } from './simulate.ts';
import { expectedGroups, refsOf } from './state.ts';

export interface RuleDeps {
  readonly pipelines: ReadonlyMap<string, AnyPipeline>;
  readonly rules: RuleRepository;
  readonly events: Pick<EventHistory, 'list'>;
  readonly clock: Clock;
}

/** Events a test looks at, at most. */
const mostEvents = 20_000;
const page = 1_000;
const dayMs = 86_400_000;
/** Longest work of a test, and of one stretch of it, between two of which other requests are answered; milliseconds. */
const mostWorkMs = 15_000;
const stretchMs = 20;

/** Rules as people handle them. Faults of a definition are VALIDATION_FAILED, an unknown id is NOT_FOUND. */
export interface RuleService {
  list(): Promise<RuleRecord[]>;
  get(id: string): Promise<RuleRecord>;
  /** CONFLICT when the id is taken. */
  create(definition: RuleDefinition): Promise<RuleRecord>;
  /** Makes or replaces, with new groups; CONFLICT for one that stands in the code. */
  put(definition: RuleDefinition): Promise<{ rule: RuleRecord; created: boolean }>;
  /** CONFLICT for one that stands in the code. */
  remove(id: string): Promise<void>;
  disable(id: string, note: string): Promise<RuleRecord>;
  /** A rule that was disabled begins with new groups: what came meanwhile does not count. */
  enable(id: string, note: string): Promise<RuleRecord>;
  groups(
    id: string,
    filter: { key?: string; cursor?: string; limit: number },
  ): Promise<{ groups: RuleGroup[]; next: string | null }>;
  evaluations(
    id: string,
    filter: { outcome?: RuleOutcome; key?: string; cursor?: string; limit: number },
  ): Promise<{ evaluations: RuleEvaluation[]; next: string | null }>;
  /** What a rule would have done with the stored events of a time, without doing it. `from` inclusive, `to` exclusive. */
  test(rule: string | RuleDefinition, from: Date, to: Date): Promise<RuleTest>;
  /** What applying the rules of this code would change. */
  diff(): Promise<DefinitionChange[]>;
}

export function createRuleService(deps: RuleDeps): RuleService {
  const { pipelines, rules, clock } = deps;
  const find = async (id: string): Promise<RuleRecord> => {
    const rule = await rules.get(id);
    if (rule) return rule;
    throw new PerennialError('NOT_FOUND', `There is no rule "${id}".`, { remedy: 'GET /v1/rules lists them.' });
  };
  const own = ({ id, pipeline }: RuleRecord): void => {
    if (pipeline === null) return;
    throw new PerennialError('CONFLICT', `The rule "${id}" stands in the code of "${pipeline}".`, {
      remedy: 'Change it there; here it can be disabled, enabled and tested.',
    });
  };
  const newRule = (definition: RuleDefinition) => {
    const checked = checkRule(definition, pipelines);
    return { ...checked, pipeline: null, groups: expectedGroups(checked.definition, clock.now()) };
  };
  return {
    list: () => rules.list(),
    get: find,
    create: (definition) => rules.create(newRule(definition), clock.now()),
    async put(definition) {
      const next = newRule(definition);
      const existing = await rules.get(definition.id);
      if (!existing) return { rule: await rules.create(next, clock.now()), created: true };
      own(existing);
      // The same again keeps what its groups have gathered.
      if (existing.hash === next.hash) return { rule: existing, created: false };
      return { rule: await rules.replace(next, clock.now()), created: false };
    },
    async remove(id) {
      own(await find(id));
      await rules.remove(id);
    },
    disable: (id, note) => rules.setEnabled(id, false, note, [], clock.now()),
    async enable(id, note) {
      const { definition } = await find(id);
      return rules.setEnabled(id, true, note, expectedGroups(definition, clock.now()), clock.now());
    },
    async groups(id, { key, cursor, limit }) {
      const { definition } = await find(id);
      const found = await rules.groups(id, {
        ...(key === undefined ? {} : { key }),
        ...(cursor === undefined ? {} : { after: cursor }),
        limit: limit + 1,
      });
      const groups = found.slice(0, limit).map(({ key: name, state, updatedAt }) => ({
        key: name,
        events: refsOf(definition, state.held),
        deadlineAt: state.deadlineAt,
        lastFiredAt: state.lastFiredAt,
        updatedAt,
      }));
      return { groups, next: found.length > limit ? (groups.at(-1)?.key ?? null) : null };
    },
    async evaluations(id, filter) {
      await find(id);
      return rules.evaluations(id, filter);
    },
    async test(rule, from, to) {
      const definition =
        typeof rule === 'string' ? (await find(rule)).definition : checkRule(rule, pipelines).definition;
      if (from >= to) {
        throw new PerennialError(
          'VALIDATION_FAILED',
          `from, ${from.toISOString()}, is not before to, ${to.toISOString()}.`,
          {
            fields: [{ field: 'from', value: from.toISOString(), message: 'must be before to' }],
            remedy: 'Give a time before `to`.',
          },
        );
      }
      const simulation = startSimulation(definition, from);
      const { events, end } = await feed(simulation, deps.events, definition, from, to);
      const { counts, evaluations } = simulation;
      return {
        definition,
        from: from.toISOString(),
        to: end.toISOString(),
        events,
        truncated: end < to,
        counts,
        evaluations: evaluations.slice(-mostEvaluations),
      };
    },
    diff: async () => diffRules(codeRules(pipelines), await rules.list()),
  };
}

/**
 * Gives a simulation the stored events of a rule's types in the order they were stored, and passes its deadlines, a day
 * at a time.
 *
 * @returns how many events, and up to when: earlier than `to` when there is more than can be looked at.
 */
async function feed(
  simulation: Simulation,
  history: Pick<EventHistory, 'list'>,
  { patterns }: RuleDefinition,
  from: Date,
  to: Date,
): Promise<{ events: number; end: Date }> {
  const types = patterns.map(({ type }) => type);
  const span = { from: from.toISOString(), to: to.toISOString(), limit: page };
  const filter = types.some((type) => type.includes('*')) ? span : { ...span, types };
  const isOver = workTime();
  let events = 0;
  let end = from;
  const reach = async (time: Date): Promise<boolean> => {
    for (let next = end.getTime() + dayMs; next < time.getTime(); next += dayMs) {
      end = new Date(next);
      simulation.end(end);
      if (await isOver()) return false;
    }
    if (time > end) end = time;
    return true;
  };
  for (let after = 0; ; ) {
    const found = await history.list({ ...filter, after });
    for (const event of found) {
      if (!(await reach(new Date(event.time)))) return { events, end };
      simulation.take(event);
      events += 1;
      if (await isOver()) return { events, end };
    }
    const last = found.at(-1);
    if (found.length < page || !last) break;
    // Later deadlines would miss events that nobody looked at.
    if (events >= mostEvents) return { events, end };
    after = last.sequence;
  }
  if (await reach(to)) simulation.end(to);
  return { events, end };
}

/** Tells, after each piece of work, whether its time is over; lets other work have its turn in between. */
function workTime(): () => Promise<boolean> {
  const began = performance.now();
  let turn = began;
  return async () => {
    if (performance.now() - turn < stretchMs) return false;
    await otherWork();
    turn = performance.now();
    return turn - began > mostWorkMs;
  };
}
