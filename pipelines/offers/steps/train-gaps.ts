import { PerennialError } from '../../../contracts/errors.ts';
import { assortmentOf, encodeGap, trainGap } from '../../../domain/assortment-gap/index.ts';
import type { StepDefinition } from '../../../domain/dag/index.ts';
import { input } from '../../../domain/dag/step-inputs.ts';
import { stepHooks } from '../../../domain/nlp/step-hooks.ts';
import { datasets, gapModel } from '../datasets.ts';
import { loadTexts, sentencesByBatch } from '../documents/customer-texts.ts';
import { planGaps, registerGaps } from '../gap/champion.ts';
import { GapTrainingOutput, TablesOutput } from '../outputs.ts';
import type { OffersParams } from '../params.ts';
import { partitionsHash } from '../partitions-hash.ts';
import { loadSalesTable } from '../sales-table.ts';
import { salesTrainedOn } from '../trained-on.ts';

/**
 * Learns from customers' documents and purchases how they speak of products they use, when the model it has does not go on
 * ({@link planGaps}); says why not when they are too few.
 */
export const trainGaps: StepDefinition<OffersParams> = {
  title: 'Learn how customers speak of products',
  needs: ['validate', 'preprocess', 'ingest-documents'],
  isolation: 'process',
  resources: { memoryMiB: 3072 },
  timeout: '6h',
  // The worker answers for the process; when it falls silent, another one takes over soon.
  heartbeat: '10s',
  output: GapTrainingOutput,
  async run(context) {
    const { params, inputs, services, metric, log } = context;
    const { tables, asOf } = input(inputs, 'preprocess', TablesOutput);
    const untrained = (why: string, customers = 0, sentences = 0) => {
      const reason = `no assortment gaps are looked for: ${why}`;
      log('info', reason);
      return { trained: false, reason, customers, sentences, gap: null };
    };
    // Many installations have no documents: nothing has to be read to know that.
    const documents = await services.lake.list(datasets.documents);
    if (documents.length === 0) return untrained('the lake holds no documents of customers');
    const batches = await sentencesByBatch(services);
    const champion = await services.models.byAlias(gapModel, 'champion');
    const plan = planGaps(champion, batches, { train: params.train, asOf });
    if (!plan.learn && !plan.champion) return untrained(`the run may not train (train = never), and ${plan.reason}`);
    if (!plan.learn && plan.champion) {
      const { artifact, lineage } = plan.champion;
      const reason = `the model goes on: ${plan.reason}`;
      log('info', reason);
      const [customers, sentences] = [Number(lineage['customers']), Number(lineage['sentences'])];
      return { trained: true, reason, customers, sentences, gap: { ...artifact } };
    }
    const sales = await loadSalesTable(tables, services.artifacts, services.sql);
    const { texts, unknown } = await loadTexts(sales, services);
    if (unknown > 0) log('warn', `documents of ${unknown} customer(s) without a sale are left out`);
    const customers = new Set(texts.map(({ customer }) => customer)).size;
    const sentences = texts.reduce((sum, text) => sum + text.sentences.length, 0);
    const slot = `${context.runId}/${context.stepId}`;
    try {
      const model = await trainGap(assortmentOf(sales), texts, { seed: params.seed }, stepHooks(context, slot));
      const batch = [...batches.keys()].at(-1) ?? '';
      const data = [
        {
          dataset: datasets.documents,
          rows: sentences,
          sha256: partitionsHash(documents),
          partitions: documents.length,
        },
        ...salesTrainedOn(inputs),
      ];
      const lineage = {
        data,
        asOf,
        customers,
        sentences,
        batch,
        inputs: Object.values(tables).map((ref) => ref.sha256),
      };
      const { version, artifact } = await registerGaps(context, encodeGap(model), model, lineage);
      metric('bought_here', model.usage.boughtHere);
      const reason = `version ${version}, learned from ${sentences} sentences of ${customers} customers: ${plan.reason}`;
      log('info', reason);
      return { trained: true, reason, customers, sentences, gap: { ...artifact } };
    } catch (error) {
      if (error instanceof PerennialError && error.code === 'DATA_MISSING')
        return untrained(error.message, customers, sentences);
      throw error;
    } finally {
      if (!context.signal.aborted) await services.checkpoints.remove(slot);
    }
  },
};
