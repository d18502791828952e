export { wordAlignment } from './alignment.ts';
export { type HtmlOptions, type HtmlText, segmentHtml } from './html.ts';
export { escapeText, type Masked, mask, maskPieces, type Part, type Piece } from './mask.ts';
export { maskPair } from './pair.ts';
export { renumber } from './renumber.ts';
export { type Restored, type RestoreOptions, type RestoreStatus, restore } from './restore.ts';
export { type PlaceholderSampleOptions, PlaceholderSampler } from './sample.ts';
export { type Found, type ScanOptions, scan } from './scan.ts';
export { type SentenceOptions, splitSentences } from './sentences.ts';
