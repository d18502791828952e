import type { TranslatedText } from '../../../contracts/translation.ts';
import { escapeText } from '../markup/index.ts';
import type { Outcome, SegmentWork } from './outcome.ts';
import { restoreSegment } from './restore-segment.ts';
import type { ServedModel } from './served-model.ts';

/**
 * A text of its segments, whose passages all have an outcome; `render` puts them into the text. Parts that a translation
 * lost are placed by the word alignment of the model, where it has one.
 */
export function assemble(
  render: (restored: readonly string[]) => string,
  segments: readonly SegmentWork[],
  model: Pick<ServedModel, 'align'>,
): TranslatedText {
  const outcomes = segments.flatMap(({ passages }) => passages.map(({ outcome }) => outcome as Outcome));
  const warnings = outcomes.flatMap((outcome) => outcome.warnings);
  const variants = Math.max(1, ...outcomes.map(({ texts }) => texts.length));
  const texts: string[] = [];
  const plain: string[] = [];
  let guessed = false;
  for (let variant = 0; variant < variants; variant++) {
    const restored = segments.map((segment) => ({
      ...restoreSegment(segment, variant, model),
      masked: segment.masked,
    }));
    texts.push(render(restored.map(({ text }) => text)));
    if (variant > 0) continue;
    for (const { status, wrong } of restored) {
      if (status === 'intact') continue;
      guessed ||= status === 'guessed';
      warnings.push({
        code: status === 'guessed' ? 'tags-guessed' : 'tags-repaired',
        message: `The places of these had to be found by other means: ${wrong.join(' ').slice(0, 500)}`,
      });
    }
    if (guessed) plain.push(render(restored.map((r) => (r.masked.escape ? escapeText(r.plain) : r.plain))));
  }
  const [text = '', ...others] = [...new Set(texts)];
  const length = outcomes.reduce((sum, outcome) => sum + outcome.length, 0);
  const logProbability = outcomes.reduce((sum, outcome) => sum + outcome.meanLogProbability * outcome.length, 0);
  return {
    text,
    alternatives: others,
    origin: originOf(outcomes),
    confidence: length === 0 ? 1 : Math.exp(logProbability / length),
    matches: outcomes.flatMap(({ match }) => match ?? []),
    terms: outcomes.flatMap(({ terms }) => terms),
    warnings,
    ...(guessed ? { plain: plain[0] ?? '' } : {}),
  };
}

function originOf(outcomes: readonly Outcome[]): TranslatedText['origin'] {
  const origins = new Set(outcomes.map(({ origin }) => origin).filter((origin) => origin !== 'copied'));
  if (origins.size > 1) return 'mixed';
  return [...origins][0] ?? 'copied';
}
