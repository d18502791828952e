import { PerennialError } from '../../../contracts/errors.ts';
import type { Casing } from './casing.ts';
import { blankSign } from './pieces.ts';
import { begin, byteName, end, pad } from './special.ts';

export const subwordsVersion = 1;

/** What a vocabulary is made of; {@link writeSubwords} writes it. */
export interface SubwordModel {
  readonly version: number;
  readonly casing: Casing;
  readonly languages: readonly string[];
  /** By language: words whose capital at the start of a sentence is due to the start. */
  readonly lowerable: Readonly<Record<string, readonly string[]>>;
  /** Names of the special tokens: ids from 0; the 256 bytes come behind them. */
  readonly special: readonly string[];
  /** All tokens in the order of their ids. */
  readonly tokens: readonly string[];
  readonly merges: readonly (readonly [string, string])[];
}

interface SubwordFile extends Pick<SubwordModel, 'version' | 'casing' | 'languages' | 'lowerable' | 'merges'> {
  readonly format: string;
  readonly tokenizer: {
    readonly added_tokens: readonly { readonly content: string }[];
    readonly model: { readonly vocab: Readonly<Record<string, number>>; readonly merges: readonly [string, string][] };
  };
}

/** A vocabulary as JSON: a head, and a tokenizer.json that Hugging Face's libraries read. */
export function writeSubwords(subwords: SubwordModel): string {
  const { version, casing, languages, lowerable, special, tokens, merges } = subwords;
  return JSON.stringify({
    format: 'perennial-subwords',
    version,
    casing,
    languages,
    lowerable,
    tokenizer: {
      version: '1.0',
      truncation: null,
      padding: null,
      added_tokens: special.map((content, id) => ({
        id,
        content,
        single_word: false,
        lstrip: false,
        rstrip: false,
        normalized: false,
        special: true,
      })),
      normalizer: {
        type: 'Sequence',
        normalizers: [
          { type: 'NFC' },
          { type: 'Prepend', prepend: blankSign },
          { type: 'Replace', pattern: { String: ' ' }, content: blankSign },
        ],
      },
      pre_tokenizer: {
        type: 'Split',
        pattern: {
          Regex: `${blankSign}?\\p{L}[\\p{L}\\p{M}]*|${blankSign}?\\p{N}|${blankSign}?[^${blankSign}\\p{L}\\p{N}]+|${blankSign}`,
        },
        behavior: 'Isolated',
        invert: false,
      },
      post_processor: null,
      decoder: {
        type: 'Sequence',
        decoders: [
          { type: 'Replace', pattern: { String: blankSign }, content: ' ' },
          { type: 'ByteFallback' },
          { type: 'Fuse' },
          { type: 'Strip', content: ' ', start: 1, stop: 0 },
        ],
      },
      model: {
        type: 'BPE',
        dropout: null,
        unk_token: null,
        continuing_subword_prefix: null,
        end_of_word_suffix: null,
        fuse_unk: false,
        byte_fallback: true,
        ignore_merges: false,
        vocab: Object.fromEntries(tokens.map((token, id) => [token, id])),
        merges,
      },
    },
  });
}

/**
 * Reads what {@link writeSubwords} wrote.
 *
 * @throws MODEL_FORMAT when it is something else, of another version, or damaged.
 */
export function readSubwords(json: string): SubwordModel {
  const fault = (message: string, cause?: unknown) =>
    new PerennialError('MODEL_FORMAT', `The subword vocabulary ${message}`, {
      remedy: 'Train the model again with this version of the software.',
      ...(cause === undefined ? {} : { cause }),
    });
  let file: SubwordFile;
  try {
    file = JSON.parse(json) as SubwordFile;
  } catch (cause) {
    throw fault('is not JSON', cause);
  }
  if (file?.format !== 'perennial-subwords') throw fault('does not say that it is one');
  if (file.version !== subwordsVersion) {
    throw fault(`has version ${file.version}; this software reads version ${subwordsVersion}`);
  }
  const { added_tokens: added, model } = file.tokenizer;
  const tokens: string[] = [];
  for (const [token, id] of Object.entries(model.vocab)) tokens[id] = token;
  const special = added.map((token) => token.content);
  const whole =
    tokens.length === Object.keys(model.vocab).length &&
    [pad, begin, end].every((id) => special[id] === tokens[id]) &&
    tokens[special.length] === byteName(0) &&
    model.merges.every(([left, right]) => [left, right, left + right].every((token) => token in model.vocab));
  if (!whole) throw fault('has gaps among its tokens');
  const { version, casing, languages, lowerable } = file;
  return { version, casing, languages, lowerable, special, tokens, merges: model.merges };
}
