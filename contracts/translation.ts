import { type Static, Type } from 'typebox';
import { ResourceId } from './language-data.ts';
import type { NodeTiming } from './serving.ts';

/** Largest requests that are answered in one piece. */
export const translationLimits = {
  texts: 500,
  /** Characters (UTF-16 units) of all texts of a request together. */
  characters: 500_000,
  terms: 1_000,
  glossaries: 20,
  memories: 20,
  alternatives: 8,
  beam: 16,
} as const;

const language = (description: string) => Type.String({ minLength: 2, maxLength: 64, description });
const term = (description: string) => Type.String({ minLength: 1, maxLength: 1000, description });

/** Least score of a similar sentence that is given to the model, where nothing else is said. */
export const defaultThreshold = 0.7;

/** Below it sentences have little in common. */
export const thresholdBounds = { minimum: 0.5, maximum: 1 } as const;

export const SimilarityThreshold = Type.Number({
  ...thresholdBounds,
  description: `Least score of a similar sentence that is given to the model; 1: exact matches only. Default: as the model is configured (${defaultThreshold}).`,
});

export const ModelChoice = Type.String({
  pattern: '^([1-9][0-9]{0,8}|[a-z][a-z0-9-]{0,40})$',
  description: 'Version or alias. Default: champion.',
});

/** A term given with a request. */
export const InlineTermSchema = Type.Object(
  {
    source: term('Term in the source language.'),
    target: term('What it is to be in the translation, in its base form.'),
    alternatives: Type.Optional(Type.Array(term('A target that is as good.'), { maxItems: 20 })),
    caseSensitive: Type.Optional(Type.Boolean({ description: 'Only with these capitals. Default: false.' })),
  },
  { additionalProperties: false },
);

/** Which memories a translation may use, and how. */
export const MemoryUseSchema = Type.Object(
  {
    ids: Type.Optional(
      Type.Array(ResourceId, {
        maxItems: translationLimits.memories,
        description: 'Memories, the best first. Default: all of the language pair.',
      }),
    ),
    threshold: Type.Optional(SimilarityThreshold),
  },
  { additionalProperties: false },
);

/** What `POST /v1/translate` takes. */
export const TranslationRequestSchema = Type.Object(
  {
    text: Type.Union(
      [
        Type.String({ maxLength: translationLimits.characters }),
        Type.Array(Type.String({ maxLength: translationLimits.characters }), {
          minItems: 1,
          maxItems: translationLimits.texts,
        }),
      ],
      { description: 'A text or a list of texts.' },
    ),
    source: Type.Optional(language('Language of the texts, BCP 47. Default: detected, text by text.')),
    target: language('Language wanted, BCP 47.'),
    format: Type.Optional(
      Type.Union([Type.Literal('plain'), Type.Literal('html')], {
        description:
          'plain: tags and variables within a text come back as they are; html: a document or fragment. Default: plain.',
      }),
    ),
    glossaries: Type.Optional(
      Type.Array(ResourceId, {
        maxItems: translationLimits.glossaries,
        description: 'Glossaries by their ids, the most important first.',
      }),
    ),
    terms: Type.Optional(
      Type.Array(InlineTermSchema, {
        maxItems: translationLimits.terms,
        description: 'Terms of this request; they go before those of glossaries.',
      }),
    ),
    enforceTerms: Type.Optional(
      Type.Boolean({
        description:
          'Decode anew, with terms that must appear, where the model misses one. Default: as the model is configured (true).',
      }),
    ),
    memory: Type.Optional(
      Type.Union([Type.Boolean(), MemoryUseSchema], {
        description: 'false: no memory; true: all memories of the language pair. Default: true.',
      }),
    ),
    model: Type.Optional(ModelChoice),
    alternatives: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: translationLimits.alternatives,
        description: 'Other translations wanted. Default: 0.',
      }),
    ),
    beam: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: translationLimits.beam,
        description:
          'Hypotheses kept at a time; 1 is fastest. Default: as the model is configured (1), and as many as translations wanted at least.',
      }),
    ),
    splitSentences: Type.Optional(
      Type.Boolean({ description: 'Whether sentences of a text are translated one by one. Default: true.' }),
    ),
    sentences: Type.Optional(
      Type.Boolean({
        description: 'Whether the answer also tells how each sentence of a text came about. Default: false.',
      }),
    ),
    timings: Type.Optional(
      Type.Boolean({ description: 'Whether the answer tells how long each part of the work took. Default: false.' }),
    ),
  },
  { additionalProperties: false },
);
export type TranslationRequest = Static<typeof TranslationRequestSchema>;

/** An entry of a memory that a translation is made of or with. */
export interface MatchEvidence {
  readonly memory: string;
  readonly entry: string;
  /**
   * `exact`: the same source, its translation was taken; `numbers`: only numbers differ and were exchanged, likewise taken;
   * `fuzzy`: similar, given to the model.
   */
  readonly kind: 'exact' | 'numbers' | 'fuzzy';
  /** From 0 to 1. */
  readonly score: number;
  readonly source: string;
  readonly target: string;
}

/** What became of a term of the source. */
export interface TermEvidence {
  /** The term as its glossary has it. */
  readonly source: string;
  readonly target: string;
  /** The term as the text has it. */
  readonly found: string;
  /** The target as the translation has it; null: it is not there. */
  readonly used: string | null;
  /** `exact`, another form of it (`inflected`), within another word (`contained`), or not at all (`missed`). */
  readonly form: 'exact' | 'inflected' | 'contained' | 'missed';
  /** Whether decoding had to be told that it must appear. */
  readonly enforced: boolean;
  /** Id of its glossary; null: given with the request. */
  readonly glossary: string | null;
}

/** Something the reader of a translation should look at. */
export interface TranslationWarning {
  readonly code: 'tags-repaired' | 'tags-guessed' | 'term-missed' | 'term-forbidden' | 'cut' | 'memory-left-out';
  readonly message: string;
}

/** A sentence, or another piece of a text that is translated in one go, with how it came about. */
export interface TranslatedSentence {
  /** As it stands in the text, without blanks around it; tags and variables included. */
  readonly source: string;
  /** What it has become; where tags were lost, `text` of the whole says where they went. */
  readonly target: string;
  readonly origin: TranslatedText['origin'];
  /** As that of the whole. */
  readonly confidence: number;
  /** The entry that it is made of or with; null: none. */
  readonly match: MatchEvidence | null;
  readonly terms: readonly TermEvidence[];
  readonly warnings: readonly TranslationWarning[];
}

/** A translation with the evidence of how it was made. */
export interface TranslatedText {
  readonly text: string;
  /** Other translations, best first. */
  readonly alternatives: readonly string[];
  /** `copied`: there was nothing to translate. */
  readonly origin: 'memory' | 'model' | 'mixed' | 'copied';
  /**
   * Geometric mean of the probabilities of the subwords, from 0 to 1; what comes out of a memory counts with the score of
   * its match.
   */
  readonly confidence: number;
  readonly matches: readonly MatchEvidence[];
  readonly terms: readonly TermEvidence[];
  readonly warnings: readonly TranslationWarning[];
  /** In their order; present when asked for. */
  readonly sentences?: readonly TranslatedSentence[];
  /** The translation without tags, where their places had to be guessed. */
  readonly plain?: string;
}

/** A translation as the API answers it. */
export interface TranslationAnswer extends TranslatedText {
  /** Place of the text in the request, from 0. */
  readonly index: number;
  readonly source: string;
  readonly target: string;
  /** Whether `source` was detected, and how sure that is, from 0 to 1; absent when it was given. */
  readonly detected?: { readonly confidence: number };
  /** The model, its version and the configuration by which it was served; null when none was needed. */
  readonly model: { readonly name: string; readonly version: number; readonly configuration: number } | null;
}

/** How long the nodes of the inference graph took for the texts of one language. */
export interface TranslationTimings {
  readonly source: string;
  readonly nodes: readonly NodeTiming[];
}

/** A language pair that can be translated. */
export interface LanguagePairRecord {
  readonly source: string;
  readonly target: string;
  readonly model: string;
  /** What the alias champion points at. */
  readonly version: number;
}

export interface LanguageRecord {
  readonly code: string;
  /** In English. */
  readonly name: string;
  /** Languages it can be translated into; empty: it is a target only. */
  readonly targets: readonly string[];
}

export interface Detection {
  /** BCP 47; '' when the text does not tell. */
  readonly language: string;
  /** From 0 to 1. */
  readonly confidence: number;
}
