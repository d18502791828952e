import { type Static, Type } from 'typebox';

/** Parameters of the translation of a document. */
export const TranslateDocumentParams = Type.Object({
  document: Type.String({
    minLength: 36,
    maxLength: 36,
    description: 'Id of a document that POST /v1/documents has taken.',
  }),
});
export type TranslateDocumentParams = Static<typeof TranslateDocumentParams>;
