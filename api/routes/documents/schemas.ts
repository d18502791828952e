import { type Static, Type } from 'typebox';
import { documentFormats } from '../../../contracts/document-formats.ts';
import { documentLimits, documentStatuses } from '../../../contracts/documents.ts';
import { ModelChoice, SimilarityThreshold, translationLimits } from '../../../contracts/translation.ts';
import type { DocumentRequest } from '../../../domain/documents/index.ts';

const ids = (most: number, description: string) =>
  Type.String({ pattern: `^[a-z0-9][a-z0-9-]{0,62}(,[a-z0-9][a-z0-9-]{0,62}){0,${most - 1}}$`, description });
const language = (description: string) => Type.String({ minLength: 2, maxLength: 64, description });

/** How a document is to be translated, as the address says it. */
export const DocumentQuery = Type.Object(
  {
    name: Type.Optional(
      Type.String({ minLength: 1, maxLength: 255, description: 'Name of the file.', examples: ['manual.docx'] }),
    ),
    format: Type.Optional(
      Type.Union(
        documentFormats.map((format) => Type.Literal(format)),
        { description: 'Default: what the name or the content type says.' },
      ),
    ),
    source: Type.Optional(language('Language of the document, BCP 47. Default: what it says itself, else detected.')),
    target: language('Language wanted, BCP 47.'),
    glossaries: Type.Optional(
      ids(translationLimits.glossaries, 'Glossaries by their ids, with commas, the most important first.'),
    ),
    memory: Type.Optional(Type.Boolean({ description: 'Whether memories are used. Default: true.' })),
    memories: Type.Optional(
      ids(translationLimits.memories, 'Memories, with commas, the best first. Default: all of the language pair.'),
    ),
    threshold: Type.Optional(SimilarityThreshold),
    model: Type.Optional(ModelChoice),
    existing: Type.Optional(
      Type.Union([Type.Literal('keep'), Type.Literal('replace')], {
        description: 'Of PO and XLIFF: keep the translations that are there, or make them anew. Default: keep.',
      }),
    ),
    encoding: Type.Optional(
      Type.String({
        pattern: '^[\\w.:-]{1,40}$',
        description: 'Of text, HTML, PO and XLIFF, such as windows-1252. Default: detected.',
      }),
    ),
  },
  { additionalProperties: false },
);

export const DocumentStatusParam = Type.Union(documentStatuses.map((status) => Type.Literal(status)));

/** What the address and the header say of a document. */
export function requestOf(
  { name = '', glossaries, memories, ...rest }: Static<typeof DocumentQuery>,
  contentType: string | undefined,
): DocumentRequest {
  return {
    ...rest,
    // A path of the sender's machine is no name.
    name: name.split(/[/\\]/).at(-1) ?? '',
    ...(contentType === undefined ? {} : { contentType }),
    ...(glossaries === undefined ? {} : { glossaries: glossaries.split(',') }),
    ...(memories === undefined ? {} : { memories: memories.split(',') }),
  };
}

export const limitsText = `At most ${documentLimits.bytes / 2 ** 20} MiB, and ${documentLimits.characters.toLocaleString('en')} characters of text.`;
