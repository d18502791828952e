import { randomUUID } from 'node:crypto';
import { PerennialError } from '../../contracts/errors.ts';
import type { Gate, RolloutCommand, RolloutEvent, RolloutPlan, RolloutRecord } from '../../contracts/rollouts.ts';
import { isSameVariant, type ServingVariant, variantName } from '../../contracts/traffic.ts';
import type { Clock } from '../ports/clock.ts';
import type { ModelRepository } from '../ports/models.ts';
import type { RolloutChange, RolloutLauncher, RolloutRepository, RolloutState } from '../ports/rollouts.ts';
import type { ServingConfigurationRepository } from '../ports/serving-configurations.ts';
import { findConfiguration } from '../registry/configurations.ts';
import { goesOn, rolloutGoesBack } from './advance.ts';
import { checkPlan, defaultPlan } from './plan.ts';

export interface RolloutRequest {
  readonly model: string;
  /** The candidate: a version, or an alias such as `challenger`. Default: the champion, to be served by another configuration. */
  readonly version?: number | string;
  /** The configuration by which the candidate is served; default: the one in force. */
  readonly configuration?: number;
  /** What differs from the default plan. */
  readonly plan?: Partial<RolloutPlan>;
  readonly reason: string;
}

export interface RolloutService {
  /**
   * Starts a rollout. NOT_FOUND for a model, version, alias or configuration that is not there; VALIDATION_FAILED for a plan that does
   * not hold, for neither version nor configuration, and for a candidate that serves already; CONFLICT while the model has no champion, or
   * another rollout.
   */
  start(request: RolloutRequest, by: string): Promise<RolloutRecord>;
  /** NOT_FOUND. */
  show(id: string): Promise<RolloutRecord & { readonly events: readonly RolloutEvent[] }>;
  /**
   * What a person decides: `pause` (gates go on watching), `resume`, `skip` (ends the step whatever the gates say), `abort`
   * (the base answers all). NOT_FOUND; CONFLICT when it has ended, or resumed one isn't paused.
   */
  tell(id: string, command: RolloutCommand, reason: string, by: string): Promise<RolloutRecord>;
}

/** Attempts at a change that others may make at the same time. */
const attempts = 20;

export function createRolloutService(deps: {
  readonly models: Pick<ModelRepository, 'get' | 'byAlias'>;
  readonly configurations: Pick<ServingConfigurationRepository, 'get' | 'inForce'>;
  readonly rollouts: RolloutRepository;
  readonly rolloutLauncher: RolloutLauncher;
  readonly clock: Clock;
  /** Gates of a model's kind, beside those of all models. Default: none. */
  readonly gatesOf?: (model: string) => readonly Gate[];
}): RolloutService {
  const { models, configurations, rollouts, rolloutLauncher, clock, gatesOf = () => [] } = deps;
  const find = (model: string, choice: number | string) =>
    typeof choice === 'number' ? models.get(model, choice) : models.byAlias(model, choice);
  const get = async (id: string) => {
    const rollout = await rollouts.get(id);
    if (rollout) return rollout;
    throw new PerennialError('NOT_FOUND', `There is no rollout "${id}".`, { remedy: 'GET /v1/rollouts lists them.' });
  };
  return {
    async start({ model, version: choice, configuration, plan, reason }, by) {
      if (choice === undefined && configuration === undefined) throw nothingToRollOut();
      const checked = checkPlan({ gates: [...defaultPlan.gates, ...gatesOf(model)], ...plan });
      const champion = await models.byAlias(model, 'champion');
      if (champion === null)
        throw new PerennialError('CONFLICT', `Model "${model}" has no champion that could be replaced.`, {
          remedy: `Promote a version: \`perennial models promote ${model} --version N\`.`,
        });
      const candidate = choice === undefined ? champion : await find(model, choice);
      if (candidate === null)
        throw new PerennialError('NOT_FOUND', `Model "${model}" has no version or alias "${choice}".`, {
          fields: [{ field: 'version', value: choice, message: 'is neither a version nor an alias of it' }],
          remedy: `\`perennial models ls ${model}\` lists its versions and aliases.`,
        });
      const base = { version: champion.version, configuration: await configurations.inForce(model) };
      const wanted = { version: candidate.version, configuration: configuration ?? base.configuration };
      await findConfiguration(configurations, model, wanted.configuration);
      if (isSameVariant(wanted, base)) throw servesAlready(model, base, choice);
      const rollout = await rollouts.create({
        id: randomUUID(),
        model,
        ...wanted,
        base: base.version,
        baseConfiguration: base.configuration,
        plan: checked,
        reason,
        by,
        createdAt: clock.now().toISOString(),
      });
      try {
        await rolloutLauncher.start(rollout);
      } catch (error) {
        // It stays queued, and the sweep hands it over when Temporal is back.
        if (!(error instanceof PerennialError && error.code === 'UNAVAILABLE')) throw error;
      }
      return rollout;
    },

    async show(id) {
      return { ...recordOf(await get(id)), events: await rollouts.events(id) };
    },

    async tell(id, command, reason, by) {
      for (let attempt = 0; attempt < attempts; attempt++) {
        const rollout = await get(id);
        if (rollout.finishedAt !== null)
          throw new PerennialError(
            'CONFLICT',
            `Rollout "${id}" has ended already, ${rollout.status}: ${rollout.reason}`,
            {
              remedy: 'Start another one, or roll back: `perennial models rollback`.',
            },
          );
        const change = changeOf(rollout, command, reason, by, clock.now());
        if (change === null || (await rollouts.change(id, rollout.revision, change))) return recordOf(await get(id));
      }
      throw new PerennialError('UNAVAILABLE', `Rollout "${id}" changes too fast to be changed.`, {
        remedy: 'Try again.',
      });
    },
  };
}

function nothingToRollOut(): PerennialError {
  return new PerennialError('VALIDATION_FAILED', 'There is neither a version nor a configuration to roll out.', {
    fields: [{ field: 'version', message: 'must be given, or configuration, or both' }],
    remedy: 'Name a version, a configuration, or both.',
  });
}

function servesAlready(model: string, base: ServingVariant, choice: number | string | undefined): PerennialError {
  const [field, value] = choice === undefined ? ['configuration', base.configuration] : ['version', choice];
  const message = field === 'version' ? 'is the champion already' : 'is in force already';
  return new PerennialError('VALIDATION_FAILED', `Version ${variantName(base)} of "${model}" serves already.`, {
    fields: [{ field, value, message }],
    remedy: 'Choose another version, or another configuration.',
  });
}

/** A rollout without what only its gates need. */
function recordOf({ evidence: _, cursor: __, ...rollout }: RolloutState): RolloutRecord {
  return rollout;
}

/** Null: it is so already. */
function changeOf(
  rollout: RolloutRecord,
  command: RolloutCommand,
  reason: string,
  by: string,
  now: Date,
): RolloutChange | null {
  const { status } = rollout;
  const event = { type: command, by, text: reason, data: {} };
  if (command === 'abort') return rolloutGoesBack(rollout, 'aborted', now, by, reason);
  if (status === 'queued')
    throw new PerennialError('CONFLICT', `Rollout "${rollout.id}" has not begun yet.`, {
      remedy: 'Wait a moment, or abort it.',
    });
  if (command === 'skip') return goesOn(rollout, now, by, `Skipped: ${reason}`);
  if (command === 'pause') return status === 'paused' ? null : { rollout: { status: 'paused', reason }, event };
  return status === 'running' ? null : { rollout: { status: 'running', stepSince: now.toISOString(), reason }, event };
}
