export { writeFeedbackFigures } from './figures.ts';
export { type CorrectionsReport, receiveFile } from './file.ts';
export { createCorrections, type FeedbackDeps, type ReceivedFeedback } from './service.ts';
