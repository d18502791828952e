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
    }[];
  }[];
}

/** The evaluation of a translation run as a table; empty where it has none. */
export function evaluationText(output: Json): string {
  if (output === null) return '';
  const { sets } = output as unknown as Evaluation;
  const share = (value: number | null) => (value === null ? '' : `${(100 * value).toFixed(1)} %`);
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
    ]),
  );
  return table(['texts', 'sentences', 'model', 'BLEU', 'lower case', 'chrF', 'terms', 'in any form'], rows, {
    right: ['sentences', 'BLEU', 'lower case', 'chrF', 'terms', 'in any form'],
  });
}
