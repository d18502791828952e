import { PerennialError } from '../../contracts/errors.ts';
import type { ModelVersion } from '../../contracts/models.ts';
import type { ModelRepository, NewModelVersion } from '../ports/models.ts';

/** What is to become of a version that has been published. */
export interface Verdict {
  readonly promote: boolean;
  readonly reason: string;
}

export interface Published extends Verdict {
  readonly version: ModelVersion;
}

/**
 * Puts a version into the registry and makes it the champion or a challenger, as the identity of its run. Whoever moved the
 * champion while the new version was judged is not overruled: then it stays a challenger. A repeated attempt changes nothing.
 *
 * @param options.judged the champion that the verdict is about; undefined: that of now.
 * @param options.decision the retraining decision that the run carried out.
 * @param options.otherwise alias of a version that is not promoted; default `challenger`, null: none.
 */
export async function publishVersion(
  models: Pick<ModelRepository, 'add' | 'byAlias' | 'setAlias'>,
  made: NewModelVersion,
  verdictOn: (champion: ModelVersion | null) => Verdict,
  options: {
    readonly judged?: number | null | undefined;
    readonly decision?: string | null | undefined;
    readonly otherwise?: string | null;
  } = {},
): Promise<Published> {
  const { model, runId } = made;
  const champion = await models.byAlias(model, 'champion');
  const version = await models.add(made);
  if (champion?.version === version.version)
    return { version, promote: true, reason: 'promoted by an earlier attempt' };
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
  return { version, ...verdict };
}
