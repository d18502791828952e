export { Aligner, type AlignOptions, type WordPair } from './align.ts';
export { type Annotation, annotate } from './annotate.ts';
export { BaseForms } from './bases.ts';
export {
  checkTerms,
  containedTermAccuracy,
  type TermAccuracy,
  type TermForm,
  type TermUse,
  termAccuracy,
} from './check.ts';
export { drawApart } from './draw.ts';
export { withGlossary } from './given.ts';
export { Glossary, type Term, type TermMatch } from './glossary.ts';
export { alignable, type Candidate, type MinedPair, type MineOptions, mineTerms, type TextPair } from './mine.ts';
export { type AnnotatedPair, type SampleOptions, TermSampler } from './sample.ts';
export type { Link } from './symmetrise.ts';
