import type { StepDefinition } from '../../../domain/dag/index.ts';
import { input, optionalInput } from '../../../domain/dag/step-inputs.ts';
import { decideRetraining, defaultPolicy } from '../../../domain/monitoring/retraining.ts';
import { offersModel } from '../datasets.ts';
import { dayNumber } from '../days.ts';
import { DecideOutput, PublishOutput, TablesOutput } from '../outputs.ts';
import type { OffersParams } from '../params.ts';

/** Figures looked at: two windows and the history they are compared with. */
const kept = 40;

/** Decides whether the next run should train, and keeps the decision with its reasons, also when it is no. */
export const decide: StepDefinition<OffersParams> = {
  title: 'Retraining decision',
  needs: ['preprocess', 'publish', 'kpis'],
  resources: { class: 'light' },
  output: DecideOutput,
  async run({ runId, params, inputs, services, log }) {
    const { asOf, rows } = input(inputs, 'preprocess', TablesOutput);
    const trainedNow = optionalInput(inputs, 'publish', PublishOutput) !== null;
    const champion = await services.models.byAlias(offersModel, 'champion');
    const now = services.clock.now();
    const figures = await services.kpis.list({
      pipeline: 'offers',
      market: params.market || '',
      name: 'realised_hit',
      limit: kept,
    });
    const given = {
      trainedNow,
      ageDays: champion ? dayNumber(asOf) - dayNumber(String(champion.lineage['asOf'])) : 0,
      rowsThen: Number(champion?.lineage['rows'] ?? 0),
      rowsNow: rows,
      hoursSinceTraining: champion ? (now.getTime() - Date.parse(champion.createdAt)) / 3_600_000 : 0,
      figure: {
        name: 'The share of customers whose list was right (realised hit)',
        values: figures.filter((f) => f.date <= asOf).map((f) => f.value),
      },
    };
    const { verdict, summary, reasons } = decideRetraining(given);
    const { name, version, ...thresholds } = defaultPolicy;
    // The run's id, so that a repeated attempt stores it once.
    const decisionId = `offers-${runId}`;
    await services.decisions.save({
      id: decisionId,
      pipeline: 'offers',
      runId,
      at: now.toISOString(),
      verdict,
      summary,
      reasons,
      inputs: {
        ...given,
        figure: { name: given.figure.name, values: [...given.figure.values] },
        championVersion: champion?.version ?? null,
      },
      policy: { name, version, thresholds },
    });
    log('info', summary);
    return { decisionId, verdict, summary };
  },
};
