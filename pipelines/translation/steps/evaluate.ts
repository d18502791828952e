import type { StepDefinition } from '../../../domain/dag/index.ts';
import { input, optionalInput } from '../../../domain/dag/step-inputs.ts';
import { bleu, chrf, compareTranslations } from '../../../domain/nlp/metrics/index.ts';
import { Glossary, type Term, termAccuracy } from '../../../domain/nlp/terminology/index.ts';
import { decodeWeights, loadTranslationModel, modelNameOf } from '../../../domain/nlp/translator/index.ts';
import type { StepContext } from '../../../domain/ports/step-context.ts';
import { loadCorpus } from '../corpus.ts';
import { generalDomain } from '../datasets.ts';
import { loadTerms } from '../glossary.ts';
import { CorporaOutput, EvaluateOutput, type Scores, SubwordsOutput, TrainOutput } from '../outputs.ts';
import { parsePair } from '../pair.ts';
import type { TranslationParams } from '../params.ts';
import { loadSubwords } from '../training.ts';
import { type CorpusModel, CorpusTranslator } from '../translate-corpus.ts';

/** Judges the general and the adapted model on texts of both domains, with and without terms, against the champion. */
export const evaluate: StepDefinition<TranslationParams> = {
  title: 'Evaluate on held-out texts',
  needs: ['preprocess', 'subwords', 'train-general', 'adapt'],
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
  const modelOf = async ({ weights }: TrainOutput): Promise<CorpusModel> => ({
    pair,
    subwords,
    ...decodeWeights(await services.artifacts.getBytes(weights)),
  });
  const general = await modelOf(input(inputs, 'train-general', TrainOutput));
  const tuned = optionalInput(inputs, 'adapt', TrainOutput);
  const adapted = tuned && (await modelOf(tuned));
  const variants: readonly (readonly [string, CorpusModel, readonly Term[]])[] = [
    ['general', general, []],
    ...(adapted ? ([['adapted', adapted, []]] as const) : []),
    ...(terms.length > 0
      ? ([[adapted ? 'adapted + terms' : 'general + terms', adapted ?? general, terms]] as const)
      : []),
  ];
  const sets = [
    { name: generalDomain, rows: await loadCorpus(corpora.general.dev, services) },
    ...(corpora.domain ? [{ name: 'domain', rows: await loadCorpus(corpora.domain.dev, services) }] : []),
  ];
  const champion = await services.models.byAlias(modelNameOf(pair), 'champion');
  const total = sets.length * (variants.length + (champion ? 1 : 0));
  let done = 0;
  const translate = async (model: CorpusModel, texts: readonly string[], known: readonly Term[]) => {
    const translations = await translator.translate(model, texts, { terms: known, signal });
    progress(++done, total, 'translations');
    return translations;
  };

  const glossary = new Glossary(terms, pair.source);
  const judged: EvaluateOutput['sets'] = [];
  const compared: Record<'ours' | 'theirs' | 'references', string[]> = { ours: [], theirs: [], references: [] };
  const held = champion && {
    pair,
    ...(await loadTranslationModel(services.artifacts, champion.artifact)),
  };
  for (const { name, rows } of sets) {
    const [sources, references] = [rows.map((row) => row.source), rows.map((row) => row.target)];
    const found = sources.reduce((sum, source) => sum + glossary.find(source).length, 0);
    const scored: Scores[] = [];
    for (const [label, model, known] of variants) {
      const translations = await translate(model, sources, known);
      const accuracy = found > 0 ? termAccuracy(sources, translations, glossary, pair.target) : null;
      scored.push({
        name: label,
        bleu: bleu(translations, references).score,
        bleuLowercase: bleu(translations, references, { lowercase: true }).score,
        chrf: chrf(translations, references),
        termsExact: accuracy?.exact ?? null,
        termsLemmatised: accuracy?.lemmatised ?? null,
      });
      if (model === (adapted ?? general) && known.length === 0) compared.ours.push(...translations);
    }
    compared.references.push(...references);
    judged.push({ name, sentences: rows.length, terms: found, variants: scored });
    for (const scores of scored) log('info', lineOf(name, scores));
    if (held) {
      compared.theirs.push(...(await translate(held, sources, [])));
    }
  }
  const last = judged.at(-1)?.variants.at(-1);
  if (last) metric('bleu', last.bleu);
  return {
    sets: judged,
    againstChampion: held ? difference(compared, params.seed) : null,
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
