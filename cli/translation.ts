import type { Json } from '../contracts/json.ts';
import { table } from './terminal.ts';

interface Evaluation {
  readonly sets: readonly {
    readonly name: string;
    readonly sentences: number;
    readonly terms: number;
    readonly variants: readonly {
      readonly name: string;
      readonly bleu: number;
      readonly bleuLowercase: number;
      readonly chrf: number;
      readonly termsExact: number | null;
      readonly termsLemmatised: number | null;
      readonly matches?: { readonly exact: number; readonly fuzzy: number };
    }[];
  }[];
}

/**
 * The evaluation of a translation run as a table; empty where it has none. Where something was translated with memories, the
 * columns `exact` and `similar` say how many sentences they answered, and for how many a similar one was shown.
 */
export function evaluationText(output: Json): string {
  if (output === null) return '';
  const { sets } = output as unknown as Evaluation;
  const share = (value: number | null) => (value === null ? '' : `${(100 * value).toFixed(1)} %`);
  const withMemory = sets.some(({ variants }) => variants.some(({ matches }) => matches !== undefined));
  const figures = ['BLEU', 'lower case', 'chrF', 'terms', 'in any form', ...(withMemory ? ['exact', 'similar'] : [])];
  const rows = sets.flatMap(({ name, sentences, variants }) =>
    variants.map((scores, i) => [
      i === 0 ? name : '',
      i === 0 ? sentences : '',
      scores.name,
      scores.bleu.toFixed(2),
      scores.bleuLowercase.toFixed(2),
      scores.chrf.toFixed(2),
      share(scores.termsExact),
      share(scores.termsLemmatised),
      ...(withMemory ? [scores.matches?.exact ?? '', scores.matches?.fuzzy ?? ''] : []),
    ]),
  );
  return table(['texts', 'sentences', 'model', ...figures], rows, { right: ['sentences', ...figures] });
}
