import { type Static, Type } from 'typebox';
import type { DocumentFormat } from './document-formats.ts';
import type { ErrorInfo } from './errors.ts';
import { ResourceId } from './language-data.ts';
import { runStatuses } from './runs.ts';
import { translationLimits } from './translation.ts';

/** Largest documents. */
export const documentLimits = {
  /** Bytes of the file as it is sent. */
  bytes: 50 * 2 ** 20,
  /** Characters (UTF-16 units) of all texts that are to be translated. */
  characters: 5_000_000,
  /** Pieces of text: paragraphs, messages, lines. */
  segments: 200_000,
  /** Documents of one key that wait or are being translated. */
  open: 500,
} as const;

/** How a document is to be translated. */
export const DocumentOptionsSchema = Type.Object({
  /** Glossaries by their ids, the most important first. */
  glossaries: Type.Array(ResourceId, { maxItems: translationLimits.glossaries }),
  /** Whether memories are used. */
  memory: Type.Boolean(),
  /** Memories, the best first; null: all of the language pair. */
  memories: Type.Union([Type.Array(ResourceId, { maxItems: translationLimits.memories }), Type.Null()]),
  /** Least score of a similar sentence that is given to the model, 0.5 to 1; 1: exact matches only. */
  threshold: Type.Number({ minimum: 0.5, maximum: 1 }),
  /** Version or alias of the model. */
  model: Type.String(),
  /** Of PO and XLIFF: whether translations that the file has already are kept, or made anew. */
  existing: Type.Union([Type.Literal('keep'), Type.Literal('replace')]),
  /** Name of the encoding of the file; null: detected. */
  encoding: Type.Union([Type.String(), Type.Null()]),
});
export type DocumentOptions = Static<typeof DocumentOptionsSchema>;

/** How the translation of a document came about, in figures. */
export interface DocumentEvidence {
  /** Segments by where their translation is from. */
  readonly segments: {
    readonly total: number;
    /** Out of a memory: the same source, or one that differs in numbers only. */
    readonly exact: number;
    /** By the model, with a similar sentence of a memory before it. */
    readonly fuzzy: number;
    /** By the model alone. */
    readonly model: number;
    /** Some sentences out of a memory, others by the model. */
    readonly mixed: number;
    /** Numbers, symbols and variables: nothing to translate. */
    readonly copied: number;
  };
  /** Segments whose translation the file had already, and that were left as they are. */
  readonly kept: number;
  readonly terms: { readonly applied: number; readonly missed: number; readonly enforced: number };
  /** How often each occurred, by their codes. */
  readonly warnings: Readonly<Record<string, number>>;
  /** Null when everything came out of memories. Documents from before there were configurations have none. */
  readonly model: { readonly name: string; readonly version: number; readonly configuration?: number } | null;
  /** How sure the detection of the language is, 0 to 1; null when the language was given. */
  readonly detected: number | null;
}

/** Those of runs, and `expired`: the files were removed because of their age. */
export const documentStatuses = [...runStatuses, 'expired'] as const;
export type DocumentStatus = (typeof documentStatuses)[number];

/** A document that is translated as a whole. Times are ISO 8601 UTC. */
export interface DocumentRecord {
  readonly id: string;
  /** Of the file, as it was given. */
  readonly name: string;
  readonly format: DocumentFormat;
  /** BCP 47; null until it is detected. */
  readonly source: string | null;
  readonly target: string;
  readonly options: DocumentOptions;
  /** That of its run, until its files are removed because of their age. */
  readonly status: DocumentStatus;
  /** Segments; null before they are counted. */
  readonly progress: { readonly done: number; readonly total: number } | null;
  /** Characters (Unicode) that were to be translated; null until it is done. */
  readonly characters: number | null;
  /** Null until it is done. */
  readonly evidence: DocumentEvidence | null;
  readonly error: ErrorInfo | null;
  /** Bytes of the file. */
  readonly bytes: number;
  /** Name of the key that sent it. */
  readonly by: string;
  /** Id of the run that translates it: its log has the warnings one by one. */
  readonly run: string;
  readonly createdAt: string;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  /** When its files were removed because of their age; null while they are kept. */
  readonly expiredAt: string | null;
}
