export { wordAlignment } from './alignment.ts';
export { segmentHtml } from './html.ts';
export { escapeText, type Masked, mask, maskPieces, type Part, type Piece, piecesOf } from './mask.ts';
export { maskPair } from './pair.ts';
export { renumber } from './renumber.ts';
export { type PartAlignment, restore } from './restore.ts';
export { type PlaceholderSampleOptions, PlaceholderSampler } from './sample.ts';
export { scan } from './scan.ts';
export { splitSentences } from './sentences.ts';
