import type { BacktestComparison, BacktestReport, MarkedDegradation } from '../../../contracts/backtests.ts';
import type { DefinitionChange } from '../../../contracts/definitions.ts';
import { PerennialError } from '../../../contracts/errors.ts';
import type { PolicyDefinition, PolicyRecord, PolicyVersion } from '../../../contracts/policies.ts';
import { scopeOf, watchHour } from '../../../contracts/retraining.ts';
import type { AnyPipeline } from '../../dag/definition.ts';
import type { Clock } from '../../ports/clock.ts';
import type { ModelRepository } from '../../ports/models.ts';
import type { PolicyRepository, TrainingHistory } from '../../ports/retraining.ts';
import { dateOf, dayNumber } from '../days.ts';
import { backtestPolicy } from './backtest.ts';
import { type CheckedPolicy, checkPolicy } from './check-policy.ts';
import { codePolicies, diffPolicies } from './code.ts';
import { evaluateNow } from './decide.ts';
import type { ObservationDeps } from './observe.ts';
import { loadPast } from './past.ts';
import type { Evaluation } from './types.ts';

export interface PolicyServiceDeps extends ObservationDeps {
  readonly pipelines: ReadonlyMap<string, AnyPipeline>;
  readonly policies: PolicyRepository;
  readonly models: Pick<ModelRepository, 'byAlias' | 'list'>;
  readonly trainings: TrainingHistory;
  readonly clock: Clock;
}

/** Days a backtest may go over. */
const mostDays = 1100;

export interface BacktestRequest {
  /** A stored policy, or one that is not stored yet. */
  readonly policy: string | PolicyDefinition;
  /** Version of a stored policy; default: the present one. */
  readonly version?: number;
  /** What it is compared with: another policy, or another version of the same. */
  readonly against?: string | PolicyDefinition | { readonly version: number };
  /** Default: the only model of the policy. */
  readonly model?: string;
  /** Default: a year before `to`. */
  readonly from?: string;
  /** The day after the last; default: today. */
  readonly to?: string;
  readonly degradations?: readonly MarkedDegradation[];
}

/** Policies as people handle them. Faults of a definition are VALIDATION_FAILED, an unknown id is NOT_FOUND. */
export interface PolicyService {
  list(): Promise<PolicyRecord[]>;
  get(id: string): Promise<PolicyRecord>;
  /** Newest first, also of a policy that is gone. */
  versions(id: string): Promise<PolicyVersion[]>;
  /** CONFLICT when the id is taken. */
  create(definition: PolicyDefinition, by: string): Promise<PolicyRecord>;
  /** Makes it or adds a version; CONFLICT for one that stands in the code. The same again changes nothing. */
  put(definition: PolicyDefinition, by: string): Promise<{ policy: PolicyRecord; created: boolean }>;
  /** CONFLICT for one that stands in the code. Its versions and decisions stay. */
  remove(id: string): Promise<void>;
  /** What applying the policies of this code would change. */
  diff(): Promise<DefinitionChange[]>;
  /** Models a policy decides about now: those with a champion. */
  modelsOf(policy: Pick<PolicyVersion, 'definition'>): Promise<string[]>;
  /** What a policy says now, without keeping it or doing anything. */
  evaluate(id: string, model?: string): Promise<(Evaluation & { readonly model: string })[]>;
  /** What one or two policies would have decided on the stored past. */
  backtest(request: BacktestRequest): Promise<BacktestComparison>;
}

export function createPolicyService(deps: PolicyServiceDeps): PolicyService {
  const { pipelines, policies, models, clock } = deps;
  const find = async (id: string): Promise<PolicyRecord> => {
    const policy = await policies.get(id);
    if (policy) return policy;
    throw new PerennialError('NOT_FOUND', `There is no policy "${id}".`, { remedy: 'GET /v1/policies lists them.' });
  };
  const own = ({ id, origin }: PolicyRecord): void => {
    if (origin === 'api') return;
    throw new PerennialError('CONFLICT', `The policy "${id}" stands in the code of its pipeline.`, {
      remedy: 'Change it there, or make one with another id.',
    });
  };
  const versionOf = async (id: string, version: number): Promise<PolicyVersion> => {
    const found = await policies.version(id, version);
    if (found) return found;
    throw new PerennialError('NOT_FOUND', `The policy "${id}" has no version ${version}.`, {
      remedy: `GET /v1/policies/${id}/versions lists them.`,
    });
  };
  type Tested = CheckedPolicy & { readonly version: number | null };
  const resolve = async (given: string | PolicyDefinition, version?: number): Promise<Tested> => {
    if (typeof given !== 'string') return { ...checkPolicy(given, pipelines), version: null };
    return version === undefined ? find(given) : versionOf(given, version);
  };
  const modelsOf: PolicyService['modelsOf'] = async ({ definition }) => {
    const versions = await models.list();
    return [
      ...new Set(versions.filter(({ aliases }) => aliases.includes('champion')).map(({ model }) => model)),
    ].filter((model) => scopeOf(definition.model, model) !== null);
  };
  const test = async (
    policy: Tested,
    model: string,
    from: string,
    to: string,
    marked: BacktestRequest['degradations'],
  ): Promise<BacktestReport> => {
    const { definition, version, hash } = policy;
    const scope = scopeOf(definition.model, model) ?? '';
    const past = await loadPast(deps, { definition, model, scope }, { from, to });
    return backtestPolicy(definition, past, {
      from,
      to,
      model,
      hour: watchHour,
      version,
      hash,
      ...(marked === undefined ? {} : { degradations: marked }),
    });
  };
  return {
    list: () => policies.list(),
    get: find,
    async versions(id) {
      const versions = await policies.versions(id);
      if (versions.length === 0) await find(id);
      return versions;
    },
    create: (given, by) => policies.create({ ...checkPolicy(given, pipelines), origin: 'api', by }, clock.now()),
    async put(given, by) {
      const checked = checkPolicy(given, pipelines);
      const existing = await policies.get(given.id);
      const next = { ...checked, origin: 'api', by } as const;
      if (!existing) return { policy: await policies.create(next, clock.now()), created: true };
      own(existing);
      if (existing.hash === checked.hash) return { policy: existing, created: false };
      return { policy: await policies.replace(next, clock.now()), created: false };
    },
    async remove(id) {
      own(await find(id));
      await policies.remove(id);
    },
    diff: async () => diffPolicies(codePolicies(pipelines), await policies.list()),
    modelsOf,
    async evaluate(id, model) {
      const policy = await find(id);
      const at = clock.now();
      const request = { policy, at, day: at.toISOString().slice(0, 10) };
      const wanted = model === undefined ? await modelsOf(policy) : [model];
      return Promise.all(
        wanted.map(async (name) => ({
          model: name,
          ...(await evaluateNow(deps, { ...request, model: name })).evaluation,
        })),
      );
    },
    async backtest({ policy, version, against, model, degradations, ...span }) {
      const tested = await resolve(policy, version);
      const other =
        against === undefined
          ? null
          : await (typeof against === 'object' && !('pipeline' in against)
              ? versionOf(tested.definition.id, against.version)
              : resolve(against));
      const to = span.to ?? clock.now().toISOString().slice(0, 10);
      const from = span.from ?? dateOf(dayNumber(to) - 365);
      const days = dayNumber(to) - dayNumber(from);
      if (days < 1 || days > mostDays)
        throw new PerennialError('VALIDATION_FAILED', `From ${from} to ${to} are ${days} days.`, {
          fields: [{ field: 'from', value: from, message: `must be 1 to ${mostDays} days before ${to}` }],
          remedy: 'Choose another stretch of days.',
        });
      const subject = model ?? (await onlyModel(tested, modelsOf));
      for (const { definition } of other ? [tested, other] : [tested])
        if (scopeOf(definition.model, subject) === null)
          throw new PerennialError(
            'VALIDATION_FAILED',
            `The policy "${definition.id}" decides about ${definition.model}, not about "${subject}".`,
            {
              fields: [{ field: 'model', value: subject, message: `is not one of ${definition.model}` }],
              remedy: 'Choose a model that the policy decides about.',
            },
          );
      return {
        report: await test(tested, subject, from, to, degradations),
        against: other && (await test(other, subject, from, to, degradations)),
      };
    },
  };
}

/** The model of a policy that names one, or the only one that fits. */
async function onlyModel(policy: CheckedPolicy, modelsOf: PolicyService['modelsOf']): Promise<string> {
  const { model } = policy.definition;
  if (!model.includes('*')) return model;
  const fitting = await modelsOf(policy);
  const [first] = fitting;
  if (first !== undefined && fitting.length === 1) return first;
  throw new PerennialError(
    'VALIDATION_FAILED',
    fitting.length === 0
      ? `No model fits ${model} yet.`
      : `${fitting.length} models fit ${model}: ${fitting.join(', ')}.`,
    { fields: [{ field: 'model', message: 'says which one' }], remedy: 'Name the model.' },
  );
}
