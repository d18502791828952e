export type { FeedbackStatus, SentCorrection } from './correction.ts';
export { writeFeedbackFigures } from './figures.ts';
export { type CorrectionsReport, receiveFile } from './file.ts';
export { type Corrections, createCorrections, type FeedbackDeps, type ReceivedFeedback } from './service.ts';
export { correctionColumns } from './table.ts';
