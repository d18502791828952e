import type { StepDefinition } from '../../../domain/dag/index.ts';
import { input, optionalInput } from '../../../domain/dag/step-inputs.ts';
import { bleu, chrf, compareTranslations } from '../../../domain/nlp/metrics/index.ts';
import { Aligner, Glossary, termAccuracy } from '../../../domain/nlp/terminology/index.ts';
import { decodeWeights, loadTranslationModel, modelNameOf } from '../../../domain/nlp/translator/index.ts';
import type { StepContext } from '../../../domain/ports/step-context.ts';
import { loadChampion } from '../../../domain/registry/champion.ts';
import { loadCorpus } from '../corpus.ts';
import { corpusMemory } from '../corpus-memory.ts';
import { generalDomain } from '../datasets.ts';
import { loadTerms } from '../glossary.ts';
import { CorporaOutput, EvaluateOutput, type Scores, SubwordsOutput, TermsOutput, TrainOutput } from '../outputs.ts';
import { parsePair } from '../pair.ts';
import type { TranslationParams } from '../params.ts';
import { loadSubwords } from '../training.ts';
import { type CorpusModel, CorpusTranslator } from '../translate-corpus.ts';
import { matchesOf, type Variant, variantsOf } from '../variants.ts';

/** Judges the general and the adapted model on texts of both domains, with terms, with the memories, and against the champion. */
export const evaluate: StepDefinition<TranslationParams> = {
  title: 'Evaluate on held-out texts',
  version: '2',
  needs: ['preprocess', 'subwords', 'mine-terms', 'train-general', 'adapt'],
  isolation: 'process',
  timeout: '4h',
  resources: { memoryMiB: 2048 },
  output: EvaluateOutput,
  async run(context) {
    const translator = new CorpusTranslator();
    try {
      return await judge(context, translator);
    } finally {
      await translator.close();
    }
  },
};

async function judge(
  { inputs, params, services, signal, progress, metric, log }: StepContext<TranslationParams>,
  translator: CorpusTranslator,
) {
  const pair = parsePair(params.pair);
  const corpora = input(inputs, 'preprocess', CorporaOutput);
  const subwords = await loadSubwords(input(inputs, 'subwords', SubwordsOutput).subwords, services.artifacts);
  const terms = await loadTerms(params.glossaries, pair, services);
  const aligner = Aligner.fromBytes(
    await services.artifacts.getBytes(input(inputs, 'mine-terms', TermsOutput).aligner),
  );
  const modelOf = async ({ weights }: TrainOutput): Promise<CorpusModel> => ({
    pair,
    pairs: [pair],
    subwords,
    aligner,
    ...decodeWeights(await services.artifacts.getBytes(weights)),
  });
  const general = await modelOf(input(inputs, 'train-general', TrainOutput));
  const tuned = optionalInput(inputs, 'adapt', TrainOutput);
  const adapted = tuned && (await modelOf(tuned));
  // The part of the memories that was trained on: no held-out sentence finds itself, or another one of them.
  const memory = corpora.domain && corpusMemory(await loadCorpus(corpora.domain.train, services));
  if (corpora.domain && !memory) log('warn', 'the memories are too large to be held: nothing is judged with them');
  const variants = variantsOf(general, adapted, terms, memory);
  // What is compared with the champion: the newest model alone.
  const plain = variants.findLast(({ terms: known, memory: held }) => known.length === 0 && held === null);
  const sets = [
    { name: generalDomain, rows: await loadCorpus(corpora.general.dev, services) },
    ...(corpora.domain ? [{ name: 'domain', rows: await loadCorpus(corpora.domain.dev, services) }] : []),
  ];
  const opponent = await loadChampion<Variant>(
    services.models,
    modelNameOf(pair),
    async (artifact) => ({
      name: 'champion',
      model: { pair, ...(await loadTranslationModel(services.artifacts, artifact)) },
      terms: [],
      memory: null,
    }),
    (message) => log('warn', message),
  );
  const champion = opponent?.model;
  const total = sets.length * (variants.length + (champion ? 1 : 0));
  let done = 0;
  const translate = async (texts: readonly string[], { model, terms: known, memory: held }: Variant) => {
    const options = { terms: known, ...(held && { memory: held }), signal };
    const translated = await translator.translate(model, texts, options);
    progress(++done, total, 'translations');
    return { translations: translated.map(({ text }) => text), matches: held ? matchesOf(translated) : undefined };
  };

  const glossary = new Glossary(terms, pair.source);
  const judged: EvaluateOutput['sets'] = [];
  const compared: Record<'ours' | 'theirs' | 'references', string[]> = { ours: [], theirs: [], references: [] };
  for (const { name, rows } of sets) {
    const [sources, references] = [rows.map((row) => row.source), rows.map((row) => row.target)];
    const wanted = sources.reduce((sum, source) => sum + glossary.find(source).length, 0);
    const scored: Scores[] = [];
    for (const variant of variants) {
      const { translations, matches } = await translate(sources, variant);
      const accuracy = wanted > 0 ? termAccuracy(sources, translations, glossary, pair.target) : null;
      scored.push({
        name: variant.name,
        bleu: bleu(translations, references).score,
        bleuLowercase: bleu(translations, references, { lowercase: true }).score,
        chrf: chrf(translations, references),
        termsExact: accuracy?.exact ?? null,
        termsLemmatised: accuracy?.lemmatised ?? null,
        ...(matches && { matches }),
      });
      if (variant === plain) compared.ours.push(...translations);
    }
    compared.references.push(...references);
    judged.push({ name, sentences: rows.length, terms: wanted, variants: scored });
    for (const scores of scored) log('info', lineOf(name, scores));
    if (champion) compared.theirs.push(...(await translate(sources, champion)).translations);
  }
  const last = judged.at(-1)?.variants.findLast(({ matches }) => matches === undefined);
  if (last) metric('bleu', last.bleu);
  return {
    sets: judged,
    againstChampion: champion ? difference(compared, params.seed) : null,
    champion: opponent?.version ?? null,
  };
}

function lineOf(set: string, { name, bleu: score, chrf: characters, termsLemmatised }: Scores): string {
  const known = termsLemmatised === null ? '' : `, terms ${(100 * termsLemmatised).toFixed(1)} %`;
  return `${set}, ${name}: BLEU ${score.toFixed(2)}, chrF ${characters.toFixed(2)}${known}`;
}

function difference(
  { ours, theirs, references }: Readonly<Record<'ours' | 'theirs' | 'references', readonly string[]>>,
  seed: number,
) {
  const { difference: mean, lower95, upper95 } = compareTranslations(ours, theirs, references, { seed });
  return { mean, lower95, upper95 };
}
