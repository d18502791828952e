import type { DecisionOverride, DecisionShown } from '../../../contracts/decisions.ts';
import { PerennialError } from '../../../contracts/errors.ts';
import type { Clock } from '../../ports/clock.ts';
import type { DecisionRepository } from '../../ports/results.ts';
import type { RetrainingLauncher } from '../../ports/retraining.ts';
import { dayMs } from '../days.ts';
import { decidedBy } from './decided-by.ts';

/** Who does something: the name and the id of a key. */
export interface Person {
  readonly name: string;
  readonly key: string;
}

/** Verdicts of people in the place of decisions' own. An unknown decision is NOT_FOUND. */
export interface OverrideService {
  /**
   * Asks for another verdict; it counts at once where the policy wants no four eyes. CONFLICT while another is pending,
   * when it is what counts already, or when the decision is too old to be carried out.
   */
  request(
    decision: string,
    wish: { readonly verdict: DecisionOverride['verdict']; readonly reason: string },
    by: Person,
  ): Promise<DecisionShown>;
  /** Approves or declines; FORBIDDEN for who asked for it where the policy wants four eyes. */
  answer(
    decision: string,
    override: string,
    answer: { readonly status: 'approved' | 'declined'; readonly note: string },
    by: Person,
  ): Promise<DecisionShown>;
}

/** A decision older than this says nothing of today; milliseconds. */
const oldMs = 30 * dayMs;

export function createOverrideService({
  decisions,
  launcher,
  clock,
}: {
  readonly decisions: Pick<DecisionRepository, 'get' | 'addOverride' | 'decideOverride'>;
  /** Carries out what an approved override asks for. */
  readonly launcher: Pick<RetrainingLauncher, 'watch'>;
  readonly clock: Clock;
}): OverrideService {
  const find = async (id: string): Promise<DecisionShown> => {
    const decision = await decisions.get(id);
    if (decision) return decision;
    throw new PerennialError('NOT_FOUND', `There is no decision "${id}".`, { remedy: 'GET /v1/decisions lists them.' });
  };
  const carryOut = async (id: string, override: DecisionOverride): Promise<DecisionShown> => {
    if (override.status === 'approved')
      await launcher.watch({ kind: 'override', decision: id }, `override-${override.id}`);
    return find(id);
  };
  return {
    async request(id, { verdict, reason }, { name, key }) {
      const decision = await find(id);
      if (decision.effective === verdict)
        throw new PerennialError('CONFLICT', `The verdict of the decision "${id}" is ${verdict} already.`, {
          remedy: 'Ask for another verdict.',
        });
      if (verdict !== 'keep' && clock.now().getTime() - Date.parse(decision.at) > oldMs)
        throw new PerennialError(
          'CONFLICT',
          `The decision "${id}" is of ${decision.at.slice(0, 10)}, over 30 days old.`,
          {
            remedy: 'Override the newest decision of the model.',
          },
        );
      if (verdict !== 'keep' && decision.links.run !== null)
        throw new PerennialError(
          'CONFLICT',
          `The decision "${id}" has been carried out by run ${decision.links.run.id}.`,
          {
            remedy: 'Override the newest decision of the model.',
          },
        );
      const { fourEyes } = decidedBy(decision);
      const wish = { decision: id, verdict, reason, by: name, key, approved: !fourEyes };
      return carryOut(id, await decisions.addOverride(wish, clock.now()));
    },
    async answer(id, override, { status, note }, { name, key }) {
      const decision = await find(id);
      const { fourEyes } = decidedBy(decision);
      const answer = { decision: id, status, by: name, key, note, fourEyes };
      return carryOut(id, await decisions.decideOverride(override, answer, clock.now()));
    },
  };
}
