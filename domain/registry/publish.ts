import { PerennialError } from '../../contracts/errors.ts';
import type { ModelVersion } from '../../contracts/models.ts';
import type { RolloutPlan } from '../../contracts/rollouts.ts';
import type { ModelRepository, NewModelVersion } from '../ports/models.ts';
import type { RolloutStarter } from '../ports/rollouts.ts';
import type { Verdict } from './promotion.ts';

export interface Published extends Verdict {
  readonly version: ModelVersion;
  /** Rollouts that bring it in: one, or one of each market of a model that makes lists. */
  readonly rollouts: readonly string[];
}

/** What a version that has passed its test is brought in by. */
export interface PublishedRollout {
  readonly starter: RolloutStarter;
  /** Markets of a model that makes lists. */
  readonly markets?: readonly string[];
  /** What differs from the default plan. */
  readonly plan?: Partial<RolloutPlan>;
}

/**
 * Puts a version into the registry and makes it the champion or a challenger, or starts its rollout, as the identity of its run. Whoever
 * moved the champion while the new version was judged is not overruled, nor is another rollout: then it stays a challenger. A repeated
 * attempt changes nothing.
 *
 * @param options.judged the champion that the verdict is about; undefined: that of now.
 * @param options.decision the retraining decision that the run carried out.
 * @param options.otherwise alias of a version that is not promoted; default `challenger`, null: none.
 * @param options.rollout needed where the verdict may ask for a rollout.
 */
export async function publishVersion(
  models: Pick<ModelRepository, 'add' | 'byAlias' | 'setAlias'>,
  made: NewModelVersion,
  verdictOn: (champion: ModelVersion | null) => Verdict,
  options: {
    readonly judged?: number | null | undefined;
    readonly decision?: string | null | undefined;
    readonly otherwise?: string | null;
    readonly rollout?: PublishedRollout;
  } = {},
): Promise<Published> {
  const { model, runId } = made;
  const champion = await models.byAlias(model, 'champion');
  const version = await models.add(made);
  if (champion?.version === version.version)
    return { version, promote: true, reason: 'promoted by an earlier attempt', rollouts: [] };
  const { judged = champion?.version ?? null, decision = null, otherwise = 'challenger' } = options;
  const links = { runId, decisionId: decision };
  const set = (alias: string, reason: string, more: { expected?: number | null } = {}) =>
    models.setAlias(model, alias, version.version, `run ${runId}`, reason, { ...links, ...more });
  let verdict = verdictOn(champion);
  if (verdict.promote) {
    try {
      await set('champion', verdict.reason, { expected: judged });
    } catch (error) {
      if (!(error instanceof PerennialError) || error.code !== 'CONFLICT') throw error;
      verdict = { promote: false, reason: `the champion changed while this version was judged: ${error.message}` };
    }
  }
  if (!verdict.promote && otherwise !== null) await set(otherwise, verdict.reason);
  if (!verdict.rollout || !options.rollout) return { version, rollouts: [], ...verdict };
  const { starter, ...how } = options.rollout;
  try {
    const started = await starter.start(
      {
        ...{ model, version: version.version, reason: verdict.reason, expected: judged, ...how },
        key: `run ${runId}, version ${version.version}`,
      },
      `run ${runId}`,
    );
    return { version, ...verdict, rollouts: started.map(({ id }) => id) };
  } catch (error) {
    if (!(error instanceof PerennialError) || error.code !== 'CONFLICT') throw error;
    const reason = `${verdict.reason}; no rollout was started: ${error.message}`;
    return { version, promote: false, reason, rollouts: [] };
  }
}

/** What became of a version that was published, in words. */
export function publishedText({ version, promote, reason, rollouts }: Published): string {
  const [first] = rollouts;
  const became = promote
    ? 'is the champion'
    : first === undefined
      ? 'stays a challenger'
      : `is brought in by ${rollouts.length === 1 ? `rollout ${first}` : `${rollouts.length} rollouts, one of each market`}`;
  return `version ${version.version} ${became}: ${reason}`;
}
