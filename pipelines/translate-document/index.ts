import { definePipeline } from '../../domain/dag/index.ts';
import { TranslateDocumentParams } from './params.ts';
import { translate } from './steps/translate.ts';

/** A document, translated whole. Runs are made by POST /v1/documents, which stores the file and how it is wanted. */
export const translateDocument = definePipeline({
  id: 'translate-document',
  title: 'Translate a document',
  description: 'Translates a document whole: text, HTML, gettext PO, XLIFF, Word.',
  params: TranslateDocumentParams,
  // Each has half of the processors; a capacity set at run time wins.
  concurrency: { runs: 2 },
  steps: { translate },
});
