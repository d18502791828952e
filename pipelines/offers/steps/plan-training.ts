import type { DecisionShown } from '../../../contracts/decisions.ts';
import { PerennialError } from '../../../contracts/errors.ts';
import type { JsonObject } from '../../../contracts/json.ts';
import type { PromotionMode } from '../../../contracts/promotion.ts';
import type { StepDefinition } from '../../../domain/dag/index.ts';
import { input } from '../../../domain/dag/step-inputs.ts';
import { asksForTraining } from '../../../domain/monitoring/retraining/index.ts';
import { offersModel } from '../datasets.ts';
import { dateOf, dayNumber, longestHorizon } from '../days.ts';
import { formatVersion, isUsable } from '../model.ts';
import { TablesOutput, TrainingPlanOutput } from '../outputs.ts';
import type { OffersParams } from '../params.ts';

/** Fewest days a list is judged by; fewer than the most when the data do not reach back far enough. */
const leastHorizon = 7;

/** Decides whether this run trains, and on which days the result is judged. */
export const planTraining: StepDefinition<OffersParams> = {
  title: 'Decide whether to train',
  needs: ['preprocess'],
  resources: { class: 'light' },
  output: TrainingPlanOutput,
  async run({ runId, params, inputs, services, log }) {
    const { asOf, firstDate } = input(inputs, 'preprocess', TablesOutput);
    const champion = await services.models.byAlias(offersModel, 'champion');
    const championAsOf = String(champion?.lineage['asOf'] ?? '');
    const [last] = (await services.decisions.list({ model: offersModel, limit: 1 })).decisions;
    // A decision is carried out once: by the run that the watch starts, or by the first that comes before it.
    const isOpen = last?.links.run === null || last?.links.run.id === runId;
    const asks = last?.effective === 'retrain' && asksForTraining(last);
    const pending = asks && isOpen && (!champion || champion.createdAt < last.at);
    const usable = champion !== null && isUsable(champion, asOf);
    const [train, reason] =
      params.train === 'always'
        ? [true, 'the run asks for it (train = always)']
        : !champion
          ? [true, 'there is no champion yet']
          : !usable
            ? [
                true,
                champion.formatVersion === formatVersion
                  ? `the champion has seen data up to ${championAsOf}, after ${asOf}`
                  : `the champion has format ${champion.formatVersion}; this software reads format ${formatVersion}`,
              ]
            : pending
              ? [true, `decision ${last.id}: ${last.summary}`]
              : [
                  false,
                  `champion version ${champion.version} of ${championAsOf} goes on; the last decision was to keep it`,
                ];
    if (params.train === 'never' && !usable) {
      throw new PerennialError('DATA_MISSING', `The run may not train (train = never), and ${reason}.`, {
        remedy: 'Start it with train=auto.',
      });
    }
    const span = dayNumber(asOf) - dayNumber(firstDate);
    const horizonDays = Math.min(longestHorizon, Math.floor(span / 4));
    const wanted = params.train !== 'never' && train;
    if (wanted && pending) await services.decisions.attachRun(last.id, runId);
    if (wanted && horizonDays < leastHorizon) {
      throw new PerennialError(
        'DATA_MISSING',
        `The sales reach back ${span} days before ${asOf}; training and judging a model needs ${4 * leastHorizon}.`,
        {
          remedy: 'Ingest more days, or choose a later asOf.',
        },
      );
    }
    log(
      'info',
      wanted ? `training: ${reason}` : `not training: ${params.train === 'never' ? 'the run forbids it' : reason}`,
    );
    const carriesOut = wanted && pending;
    const promote = carriesOut ? promoteOf(last) : undefined;
    return {
      ...{ train: wanted, reason, decision: carriesOut ? last.id : null, ...(promote && { promote }) },
      ...{ horizonDays, holdoutFrom: dateOf(dayNumber(asOf) - horizonDays) },
    };
  },
};

/** How the policy of a decision lets the version take over; undefined where it leaves that to the run. */
function promoteOf({ inputs }: DecisionShown): PromotionMode | undefined {
  const said = (inputs['trainingParams'] as JsonObject | undefined)?.['promote'];
  return said === 'auto' || said === 'never' || said === 'rollout' ? said : undefined;
}
