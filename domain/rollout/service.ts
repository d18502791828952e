import { randomUUID } from 'node:crypto';
import { PerennialError } from '../../contracts/errors.ts';
import type { Gate, RolloutCommand, RolloutEvent, RolloutPlan, RolloutRecord } from '../../contracts/rollouts.ts';
import type { Clock } from '../ports/clock.ts';
import type { ModelRepository } from '../ports/models.ts';
import type { RolloutChange, RolloutLauncher, RolloutRepository, RolloutState } from '../ports/rollouts.ts';
import { goesOn, rolloutGoesBack } from './advance.ts';
import { checkPlan, defaultPlan } from './plan.ts';

export interface RolloutRequest {
  readonly model: string;
  /** The candidate: a version, or an alias such as `challenger`. */
  readonly version: number | string;
  /** What differs from the default plan. */
  readonly plan?: Partial<RolloutPlan>;
  readonly reason: string;
}

export interface RolloutService {
  /**
   * Starts a rollout. NOT_FOUND for a model, version or alias that is not there; VALIDATION_FAILED for a plan that does not hold or a
   * candidate that is the champion; CONFLICT while the model has no champion, or another rollout.
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
  readonly rollouts: RolloutRepository;
  readonly rolloutLauncher: RolloutLauncher;
  readonly clock: Clock;
  /** Gates of a model's kind, beside those of all models. Default: none. */
  readonly gatesOf?: (model: string) => readonly Gate[];
}): RolloutService {
  const { models, rollouts, rolloutLauncher, clock, gatesOf = () => [] } = deps;
  const get = async (id: string) => {
    const rollout = await rollouts.get(id);
    if (rollout) return rollout;
    throw new PerennialError('NOT_FOUND', `There is no rollout "${id}".`, { remedy: 'GET /v1/rollouts lists them.' });
  };
  return {
    async start({ model, version: choice, plan, reason }, by) {
      const checked = checkPlan({ gates: [...defaultPlan.gates, ...gatesOf(model)], ...plan });
      const champion = await models.byAlias(model, 'champion');
      if (champion === null)
        throw new PerennialError('CONFLICT', `Model "${model}" has no champion that could be replaced.`, {
          remedy: `Promote the version: \`perennial models promote ${model} ${choice}\`.`,
        });
      const candidate =
        typeof choice === 'number' ? await models.get(model, choice) : await models.byAlias(model, choice);
      if (candidate === null)
        throw new PerennialError('NOT_FOUND', `Model "${model}" has no version or alias "${choice}".`, {
          fields: [{ field: 'version', value: choice, message: 'is neither a version nor an alias of it' }],
          remedy: `\`perennial models ls ${model}\` lists its versions and aliases.`,
        });
      if (candidate.version === champion.version)
        throw new PerennialError('VALIDATION_FAILED', `Version ${champion.version} of "${model}" is its champion.`, {
          fields: [{ field: 'version', value: choice, message: 'is the champion already' }],
          remedy: 'Choose another version.',
        });
      const rollout = await rollouts.create({
        id: randomUUID(),
        model,
        version: candidate.version,
        base: champion.version,
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
          throw new PerennialError('CONFLICT', `Rollout "${id}" has ended already: ${rollout.status}.`, {
            remedy: 'Start another one, or roll back: `perennial models rollback`.',
          });
        const change = changeOf(rollout, command, reason, by, clock.now());
        if (change === null || (await rollouts.change(id, rollout.revision, change))) return recordOf(await get(id));
      }
      throw new PerennialError('UNAVAILABLE', `Rollout "${id}" changes too fast to be changed.`, {
        remedy: 'Try again.',
      });
    },
  };
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
