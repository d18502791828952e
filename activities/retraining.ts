import { dagRunInput } from '../contracts/activities.ts';
import type { DecisionOccasion, DecisionShown } from '../contracts/decisions.ts';
import type { JsonObject } from '../contracts/json.ts';
import type { PolicyRecord } from '../contracts/policies.ts';
import {
  type CarriedOut,
  dataOf,
  observedSeries,
  type RetrainingActivities,
  type RetrainingAsk,
} from '../contracts/retraining.ts';
import type { AnyPipeline } from '../domain/dag/index.ts';
import {
  type CarryOutDeps,
  carryOut,
  createPolicyService,
  type DecideDeps,
  makeDecision,
  type PolicyServiceDeps,
} from '../domain/monitoring/retraining/index.ts';
import type { DecisionRepository, KpiRepository } from '../domain/ports/results.ts';
import type { StepServices } from '../domain/ports/step-context.ts';
import { applicationFailure } from './failures.ts';

export interface RetrainingDeps extends Omit<DecideDeps, 'models'>, PolicyServiceDeps, Omit<CarryOutDeps, 'decisions'> {
  readonly pipelines: ReadonlyMap<string, AnyPipeline>;
  readonly decisions: DecisionRepository;
  readonly kpis: KpiRepository;
  readonly memories: StepServices['memories'];
}

/** The activities of `retrainingWatch`. A policy that is gone by the time it is asked decides nothing. */
export function createRetrainingActivities(deps: RetrainingDeps): RetrainingActivities {
  const { policies, decisions, clock } = deps;
  const service = createPolicyService(deps);
  const asksOf = async (policy: PolicyRecord, occasion: DecisionOccasion): Promise<RetrainingAsk[]> =>
    (await service.modelsOf(policy)).map((model) => ({ policy: policy.id, model, occasion }));
  const ofPipeline = async (pipeline: string | null, occasion: DecisionOccasion): Promise<RetrainingAsk[]> => {
    const concerned = (await policies.list()).filter(
      ({ definition }) =>
        deps.pipelines.has(definition.pipeline) && (pipeline ?? definition.pipeline) === definition.pipeline,
    );
    return (await Promise.all(concerned.map((policy) => asksOf(policy, occasion)))).flat();
  };
  return guarded({
    async planWatch(input, day) {
      switch (input.kind) {
        case 'daily':
          return ofPipeline(null, { kind: 'daily', ref: day });
        case 'run':
          return ofPipeline(input.pipeline, { kind: 'run', ref: input.runId });
        case 'event':
          return ofPipeline(input.pipeline, { kind: 'event', ref: input.ref });
        case 'override':
          return [{ decision: input.decision }];
        default: {
          const policy = await policies.get(input.policy);
          const occasion = { kind: 'manual', ref: input.ref } as const;
          if (!policy) return [];
          return input.model === null
            ? asksOf(policy, occasion)
            : [{ policy: policy.id, model: input.model, occasion }];
        }
      }
    },
    async decideRetraining(ask, day) {
      const decision = 'decision' in ask ? await decisions.get(ask.decision) : await decided(deps, ask, day);
      if (!decision) return { decision: '', run: null };
      const run = await carryOut(deps, decision, clock.now());
      return { decision: decision.id, run: run && dagRunInput(run) } satisfies CarriedOut;
    },
    settleDecision: async (decision) => void (await decisions.settle(decision, clock.now())),
  });
}

async function decided(
  deps: RetrainingDeps,
  { policy: id, model, occasion }: Extract<RetrainingAsk, { readonly policy: string }>,
  day: string,
): Promise<DecisionShown | null> {
  const policy = await deps.policies.get(id);
  if (!policy) return null;
  const params = await observed(deps, policy, model, day);
  const runId = occasion.kind === 'run' ? occasion.ref : null;
  // A run of a past day says something of that day.
  const of = runId === null ? null : /^\d{4}-\d{2}-\d{2}/.exec((await deps.runs.get(runId))?.partition ?? '');
  return makeDecision(deps, { policy, model, occasion, runId, at: deps.clock.now(), day: of?.[0] ?? day, params });
}

/** Reads and stores what the pipeline's policies look at and no run stores. @returns parameters that training needs. */
async function observed(
  { pipelines, models, kpis, memories }: RetrainingDeps,
  { definition: { pipeline } }: PolicyRecord,
  model: string,
  day: string,
): Promise<JsonObject> {
  const observe = pipelines.get(pipeline)?.observe;
  const champion = observe && (await models.byAlias(model, 'champion'));
  if (!observe || !champion) return {};
  const {
    market,
    labelled,
    kpis: values,
    params = {},
  } = await observe({ model, champion, day, services: { memories } });
  const common = { market, date: day, runId: '' };
  await kpis.save([
    { ...common, pipeline: dataOf(pipeline), name: observedSeries.labelled, value: labelled },
    ...Object.entries(values).map(([name, value]) => ({ ...common, pipeline, name, value })),
  ]);
  return params;
}

function guarded<Activities extends object>(activities: Activities): Activities {
  return Object.fromEntries(
    Object.entries(activities).map(([name, activity]) => [
      name,
      async (...args: unknown[]) => {
        try {
          return (await (activity as (...given: unknown[]) => Promise<unknown>)(...args)) as unknown;
        } catch (error) {
          throw applicationFailure(error);
        }
      },
    ]),
  ) as Activities;
}
