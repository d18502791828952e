import type { StepDefinition } from '../../../domain/dag/index.ts';
import { input, optionalInput } from '../../../domain/dag/step-inputs.ts';
import { stepHooks } from '../../../domain/nlp/step-hooks.ts';
import type { StepContext } from '../../../domain/ports/step-context.ts';
import {
  decodeProductVectors,
  encodeClosedForm,
  encodeProductVectors,
  encodeRanker,
  type RecommendModel,
  trainClosedForm,
  trainProductVectors,
  trainRanker,
} from '../../../domain/recommend/index.ts';
import { dayNumber } from '../days.ts';
import { judgedLength, levelsOf } from '../judged-lists.ts';
import { RankerOutput, ServingRankerOutput, TablesOutput, TrainingPlanOutput, VectorsOutput } from '../outputs.ts';
import type { OffersParams } from '../params.ts';
import { loadDrawnSales } from '../sales-table.ts';

const shared = {
  when: 'steps["plan-training"].output.train',
  isolation: 'process',
  timeout: '6h',
  // The worker answers for the process; when it falls silent, another one takes over soon.
  heartbeat: '10s',
  resources: { memoryMiB: 3072 },
} as const satisfies Partial<StepDefinition<OffersParams>>;

/**
 * The part of the data a model learns from: everything for the one that serves, the days before the held-out ones for
 * its twin that is judged on them.
 */
type Part = 'everything' | 'before-holdout';

function endOf(part: Part, { inputs }: Pick<StepContext, 'inputs'>): number {
  const date =
    part === 'everything'
      ? input(inputs, 'preprocess', TablesOutput).asOf
      : input(inputs, 'plan-training', TrainingPlanOutput).holdoutFrom;
  return dayNumber(date);
}

/**
 * Learns product vectors from texts and baskets (domain/nlp), for the boosted ranker. Goes on from the checkpoint of an
 * attempt that died.
 */
export function represent(part: Part): StepDefinition<OffersParams> {
  return {
    ...shared,
    when: `${shared.when} && params.ranker == "boosted"`,
    title: `Learn product vectors${part === 'everything' ? '' : ', to be judged'}`,
    version: '2',
    needs: ['preprocess', 'plan-training'],
    output: VectorsOutput,
    async run(context) {
      const { services } = context;
      const tables = input(context.inputs, 'preprocess', TablesOutput);
      const sales = await loadDrawnSales(tables, services.artifacts, services.sql);
      const slot = `${context.runId}/${context.stepId}`;
      const options = { seed: context.params.seed, beforeDay: endOf(part, context) };
      const vectors = await trainProductVectors(sales, options, stepHooks(context, slot));
      const ref = await services.artifacts.putBytes(encodeProductVectors(vectors));
      await services.checkpoints.remove(slot);
      return { vectors: { ...ref } };
    },
  };
}

/** Learns how to weigh the sources of candidates on past windows, or what goes together in closed form. */
export function train(part: Part, vectorsStep: string): StepDefinition<OffersParams> {
  return {
    ...shared,
    title: `Train the ranking model${part === 'everything' ? '' : ', to be judged'}`,
    version: '3',
    needs: ['preprocess', 'plan-training', vectorsStep],
    output: part === 'everything' ? ServingRankerOutput : RankerOutput,
    async run(context) {
      const { services, params } = context;
      const tables = input(context.inputs, 'preprocess', TablesOutput);
      const { horizonDays } = input(context.inputs, 'plan-training', TrainingPlanOutput);
      const sales = await loadDrawnSales(tables, services.artifacts, services.sql);
      const asOfDay = endOf(part, context);
      const { seed } = params;
      const { signal } = context;
      const slot = `${context.runId}/${context.stepId}`;
      const represented = optionalInput(context.inputs, vectorsStep, VectorsOutput);
      let model: RecommendModel;
      if (represented) {
        const vectors = decodeProductVectors(await services.artifacts.getBytes(represented.vectors));
        const ranker = await trainRanker(sales, vectors, { seed, horizonDays, asOfDay }, stepHooks(context, slot));
        model = { kind: 'boosted', vectors, ranker };
      } else {
        model = { kind: 'closed-form', closedForm: trainClosedForm(sales, { asOfDay, signal }) };
      }
      const ref = await services.artifacts.putBytes(
        model.kind === 'boosted' ? encodeRanker(model.ranker) : encodeClosedForm(model.closedForm),
      );
      const judged = { asOfDay, topK: judgedLength(params.topK), seed, signal };
      const levels = part === 'everything' ? { levels: await levelsOf(sales, model, judged) } : {};
      await services.checkpoints.remove(slot);
      return { ranker: { ...ref }, ...levels };
    },
  };
}
