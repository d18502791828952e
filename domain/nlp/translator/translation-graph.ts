import { translationGraph as id } from '../../../contracts/serving.ts';
import { defaultThreshold, type TranslatedText } from '../../../contracts/translation.ts';
import { defineGraph } from '../../serving/graph/index.ts';
import { breathe } from '../breathe.ts';
import type { Masked } from '../markup/index.ts';
import { normaliseUnicode } from '../text/index.ts';
import { assemble } from './assemble.ts';
import { LookUp } from './from-memory.ts';
import { noMemory } from './look-up.ts';
import type { Outcome, SegmentWork, TranslateTextsOptions, Work } from './outcome.ts';
import { passagesOf, wholePassage } from './passage.ts';
import { type Drafts, PassageDecoding } from './passage-decoding.ts';
import { sentencesOf } from './sentences.ts';
import type { ServedModel } from './served-model.ts';
import { type SegmentedText, segmentText } from './text-segments.ts';
import { redoWithoutTags } from './without-tags.ts';

/** Subwords of the longest passage: longer ones are cut, as models have not learnt them. */
const longestPassage = 200;
/** Segments or sentences prepared in a turn of the event loop, so that a long text does not keep others waiting. */
const atATime = 32;

/** What the nodes of a request have in common. */
export interface TranslationContext {
  readonly model: ServedModel;
  readonly options: TranslateTextsOptions;
}

interface Segments {
  readonly documents: readonly SegmentedText[];
  /** Of each document. */
  readonly segments: readonly SegmentWork[][];
  /** Of all documents. */
  readonly all: readonly SegmentWork[];
}

interface LookedUp extends Segments {
  readonly look: LookUp;
  readonly decoding: PassageDecoding;
}

interface Drafted extends LookedUp {
  /** Passages that no memory has, in the order of their drafts. */
  readonly open: readonly Work[];
  readonly drafts: Drafts;
}

interface Values {
  readonly input: readonly (string | Masked)[];
  readonly segments: Segments;
  readonly memory: LookedUp;
  readonly model: Drafted;
  readonly terms: LookedUp;
  readonly markup: TranslatedText[];
}

/**
 * The path of texts through translation: markup masked; exact match in the memories, first of whole segments, then of
 * sentences, a similar entry given to the model; decoding; terms shown to the model and enforced where it missed them;
 * markup put back.
 */
export const translationGraph = defineGraph<Values, TranslationContext, 'markup'>({
  id,
  output: 'markup',
  nodes: {
    segments: { kind: 'transformer', needs: 'input', run: segmentAll },
    memory: { kind: 'transformer', needs: 'segments', run: lookUp },
    model: { kind: 'model', needs: 'memory', run: draft },
    terms: { kind: 'model', needs: 'model', run: settle },
    markup: { kind: 'transformer', needs: 'terms', run: render },
  },
});

function segmentAll(texts: Values['input'], { options: { format = 'plain' } }: TranslationContext): Segments {
  const documents = texts.map((text) => (typeof text === 'string' ? segmentText(text, format) : oneSegment(text)));
  const segments = documents.map((document) =>
    document.segments.map((masked): SegmentWork => {
      const normal = { ...masked, text: normaliseUnicode(masked.text) };
      const whole = { passage: wholePassage(normal), outcome: null };
      return { masked: normal, whole, passages: [whole] };
    }),
  );
  return { documents, segments, all: segments.flat() };
}

async function lookUp(segmented: Segments, { model, options }: TranslationContext): Promise<LookedUp> {
  const { memory = noMemory, threshold = defaultThreshold } = options;
  const { all } = segmented;
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
  return { ...segmented, look, decoding };
}

async function draft(looked: LookedUp): Promise<Drafted> {
  const { all, look, decoding } = looked;
  const open = all.flatMap(({ passages }) => passages).filter(({ outcome }) => outcome === null);
  const drafts = await decoding.draft(
    open.map(({ passage }) => ({ passage, similar: look.found.get(passage) ?? null })),
  );
  return { ...looked, open, drafts };
}

async function settle({ open, drafts, ...looked }: Drafted): Promise<LookedUp> {
  const outcomes = await looked.decoding.settle(drafts);
  for (const [i, work] of open.entries()) work.outcome = outcomes[i] as Outcome;
  return looked;
}

async function render(
  { documents, segments, all, look, decoding }: LookedUp,
  { model, options }: TranslationContext,
): Promise<TranslatedText[]> {
  await redoWithoutTags(all, model, decoding, (passage) => look.found.get(passage) ?? null);
  return documents.map((document, i) => {
    const own = segments[i] as SegmentWork[];
    const text = assemble(document.render, own, model);
    return options.sentences ? { ...text, sentences: sentencesOf(own) } : text;
  });
}

/** A segment that is masked already as a text of its own. */
function oneSegment(masked: Masked): SegmentedText {
  return { segments: [masked], render: ([restored = '']) => restored };
}
