import { defaultThreshold, type TranslatedText } from '../../../contracts/translation.ts';
import { breathe } from '../breathe.ts';
import type { Masked } from '../markup/index.ts';
import { normaliseUnicode } from '../text/index.ts';
import { assemble } from './assemble.ts';
import { LookUp } from './from-memory.ts';
import { noMemory } from './look-up.ts';
import type { Outcome, SegmentWork, TranslateTextsOptions } from './outcome.ts';
import { passagesOf, wholePassage } from './passage.ts';
import { PassageDecoding } from './passage-decoding.ts';
import type { ServedModel } from './served-model.ts';
import { type SegmentedText, segmentText } from './text-segments.ts';
import { redoWithoutTags } from './without-tags.ts';

/** Subwords of the longest passage: longer ones are cut, as models have not learnt them. */
const longestPassage = 200;
/** Segments or sentences prepared in a turn of the event loop, so that a long text does not keep others waiting. */
const atATime = 32;

/**
 * Translates texts by one model: markup masked; exact match in the memories, first of whole segments, then of sentences; a
 * similar entry given to the model; terms inline in its input; decoding with phrases that must appear for the terms that
 * it missed; markup put back.
 *
 * @param texts texts, or segments that are masked already, whose translations come back restored.
 * @throws CANCELLED, RATE_LIMITED (OverloadError) when the wait for the model would be too long, SOURCE_INVALID for HTML that is nested
 * too deep.
 */
export async function translateTexts(
  model: ServedModel,
  texts: readonly (string | Masked)[],
  options: TranslateTextsOptions = {},
): Promise<TranslatedText[]> {
  const { format = 'plain', memory = noMemory, threshold = defaultThreshold } = options;
  const documents = texts.map((text) => (typeof text === 'string' ? segmentText(text, format) : oneSegment(text)));
  const segments = documents.map(({ segments }) =>
    segments.map((masked): SegmentWork => {
      const normal = { ...masked, text: normaliseUnicode(masked.text) };
      const whole = { passage: wholePassage(normal), outcome: null };
      return { masked: normal, whole, passages: [whole] };
    }),
  );
  const all = segments.flat();
  const look = new LookUp(model, memory, threshold, options);
  await look.exact(all.map(({ whole }) => whole));
  const decoding = new PassageDecoding(model, options);
  decoding.checkRoom(all.filter(({ whole }) => whole.outcome === null).length);
  for (const [i, segment] of all.entries()) {
    if (i % atATime === atATime - 1) await breathe(options.signal);
    if (segment.whole.outcome !== null) continue;
    // A similar segment as a whole says more than its sentences.
    const isLine = !segment.masked.text.includes('\n');
    if (isLine && look.similar(segment.whole) && model.lengthOf(segment.whole.passage.text) <= longestPassage) continue;
    if (segment.whole.outcome !== null) continue;
    const passages = passagesOf(segment.masked, {
      language: model.pair.source,
      split: options.splitSentences ?? true,
      most: longestPassage,
      lengthOf: (text) => model.lengthOf(text),
    });
    if (passages.length > 1) segment.passages = passages.map((passage) => ({ passage, outcome: null }));
  }
  const sentences = all.filter(({ passages }) => passages.length > 1).flatMap(({ passages }) => passages);
  await look.exact(sentences);
  for (const [i, work] of sentences.entries()) {
    if (i % atATime === atATime - 1) await breathe(options.signal);
    if (work.outcome === null) look.similar(work);
  }

  const open = all.flatMap(({ passages }) => passages).filter(({ outcome }) => outcome === null);
  const outcomes = await decoding.run(
    open.map(({ passage }) => ({ passage, similar: look.found.get(passage) ?? null })),
  );
  for (const [i, work] of open.entries()) work.outcome = outcomes[i] as Outcome;
  await redoWithoutTags(all, model, decoding, (passage) => look.found.get(passage) ?? null);
  return documents.map((document, i) => assemble(document.render, segments[i] as SegmentWork[], model));
}

/** A segment that is masked already as a text of its own. */
function oneSegment(masked: Masked): SegmentedText {
  return { segments: [masked], render: ([restored = '']) => restored };
}
