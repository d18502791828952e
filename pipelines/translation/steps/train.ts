import type { StepDefinition } from '../../../domain/dag/index.ts';
import { input } from '../../../domain/dag/step-inputs.ts';
import { stepHooks } from '../../../domain/nlp/step-hooks.ts';
import { Aligner } from '../../../domain/nlp/terminology/index.ts';
import type { Trained } from '../../../domain/nlp/transformer/index.ts';
import { decodeWeights, encodeWeights } from '../../../domain/nlp/translator/index.ts';
import type { StepContext } from '../../../domain/ports/step-context.ts';
import { SubwordsOutput, TermsOutput, TrainOutput } from '../outputs.ts';
import { parsePair } from '../pair.ts';
import type { TranslationParams } from '../params.ts';
import { loadSubwords, shapeOf, trainOn } from '../training.ts';
import { loadTrainingPairs } from '../training-pairs.ts';

const shared = {
  isolation: 'process',
  timeout: '7d',
  // The worker answers for the process; when it falls silent, another one takes over soon.
  heartbeat: '10s',
  resources: { memoryMiB: 4096 },
  output: TrainOutput,
} as const satisfies Partial<StepDefinition<TranslationParams>>;

/** Shares of sentences shown with terms and with a similar one's translation in general training: enough to learn what an annotation means, few enough not to lean on it. */
const shownGeneral = { terms: 0.3, invented: 0.3, fuzzy: 0.1, placeholders: 0.05 };
/** In adaptation, where glossary and memory are to be obeyed. */
const shownDomain = { terms: 0.5, invented: 0.5, fuzzy: 0.3, placeholders: 0.2 };

/** Trains on general text. Goes on from the checkpoint of an attempt that died. */
export const trainGeneral: StepDefinition<TranslationParams> = {
  ...shared,
  title: 'Train the general model',
  needs: ['subwords', 'mine-terms'],
  async run(context) {
    const { inputs, params, services } = context;
    const terms = input(inputs, 'mine-terms', TermsOutput);
    const trained = await trainOn(
      {
        pair: parsePair(params.pair),
        params,
        subwords: await loadSubwords(input(inputs, 'subwords', SubwordsOutput).subwords, services.artifacts),
        aligner: await alignerOf(context),
        corpora: [await loadTrainingPairs(terms.general, services.artifacts)],
        shown: shownGeneral,
        dev: await loadTrainingPairs(terms.generalDev, services.artifacts),
        hours: params.hours,
      },
      stepHooks(context, slotOf(context)),
    );
    return store(trained, context);
  },
};

/** Adapts the general model to the memories' domain: all of the domain in each epoch, and as much general text. */
export const adapt: StepDefinition<TranslationParams> = {
  ...shared,
  title: 'Adapt to the domain',
  needs: ['preprocess', 'subwords', 'mine-terms', 'train-general'],
  when: 'steps.preprocess.output.domain != null',
  async run(context) {
    const { inputs, params, services } = context;
    const terms = input(inputs, 'mine-terms', TermsOutput);
    if (!terms.domain || !terms.domainDev) throw new Error('adapt runs only where there is a domain');
    const general = await loadTrainingPairs(terms.general, services.artifacts);
    const topical = await loadTrainingPairs(terms.domain, services.artifacts);
    const start = decodeWeights(
      await services.artifacts.getBytes(input(inputs, 'train-general', TrainOutput).weights),
    ).weights;
    const trained = await trainOn(
      {
        pair: parsePair(params.pair),
        params,
        subwords: await loadSubwords(input(inputs, 'subwords', SubwordsOutput).subwords, services.artifacts),
        aligner: await alignerOf(context),
        // Beside the domain as much general text, so that what was learnt is not forgotten (Chu et al. 2017).
        corpora: [topical, general],
        shown: shownDomain,
        dev: await loadTrainingPairs(terms.domainDev, services.artifacts),
        hours: params.hours / 4,
        start,
      },
      stepHooks(context, slotOf(context)),
    );
    return store(trained, context);
  },
};

/** Name of a training's checkpoint. */
function slotOf({ runId, stepId }: Pick<StepContext, 'runId' | 'stepId'>): string {
  return `${runId}/${stepId}`;
}

async function alignerOf({ inputs, services }: StepContext<TranslationParams>): Promise<Aligner> {
  return Aligner.fromBytes(await services.artifacts.getBytes(input(inputs, 'mine-terms', TermsOutput).aligner));
}

async function store(
  trained: Trained,
  { params, runId, stepId, inputs, services, log }: StepContext<TranslationParams>,
) {
  const { size: vocabulary } = input(inputs, 'subwords', SubwordsOutput);
  const weights = await services.artifacts.putBytes(encodeWeights(shapeOf(params.size, vocabulary), trained.weights));
  await services.checkpoints.remove(slotOf({ runId, stepId }));
  const { steps, devLoss, devScore, stopped } = trained;
  log('info', `BLEU ${(devScore ?? 0).toFixed(1)} on the development set after ${steps} steps (ended by ${stopped})`);
  return { weights: { ...weights }, steps, devLoss, devBleu: devScore ?? 0, stopped };
}
