import { PerennialError } from '../../../contracts/errors.ts';
import type { Random } from '../random.ts';
import { normaliseUnicode, placeholder, placeholderAt } from '../text/index.ts';
import { Bpe } from './bpe.ts';
import { lowerStart, lowerWord, raiseStart, raiseWord } from './casing.ts';
import { readSubwords, type SubwordModel, writeSubwords } from './file.ts';
import { blankSign, pieces } from './pieces.ts';
import { end, placeholderTokens } from './special.ts';

export interface EncodeOptions {
  /** Language of the text, for sentence casing; default none: the start stays as it is. */
  readonly language?: string;
  /** Chance that a merge is left out (Provilkov et al. 2020), for training; needs `random`. Default 0. */
  readonly dropout?: number;
  readonly random?: Random;
}

/**
 * Part of the input of a model: a text, or a special token by its name (`fuzzy`, `2de`), with the factor that tells
 * the model what it is. A part begins with the blank that separates it from the part before, if there is one.
 */
export type Segment =
  | {
      readonly text: string;
      readonly factor: number;
      /** The part begins a sentence of this language: sentence casing is for it. The first part always does. */
      readonly sentence?: string;
    }
  | { readonly special: string; readonly factor: number };

/** A joint subword vocabulary: text to ids and back. Immutable, so that many requests can share it. */
export class Subwords {
  readonly model: SubwordModel;
  readonly #ids = new Map<string, number>();
  readonly #lowerable = new Map<string, ReadonlySet<string>>();
  readonly #bpe: Bpe;
  readonly #firstByte: number;
  readonly #firstPlaceholder: number;
  readonly #low: number;
  readonly #cap: number;
  readonly #upper: number;

  constructor(model: SubwordModel) {
    this.model = model;
    for (const [id, token] of model.tokens.entries()) this.#ids.set(token, id);
    this.#firstByte = model.special.length;
    this.#firstPlaceholder = this.special('ph0');
    this.#low = this.special('low');
    this.#cap = this.special('cap');
    this.#upper = this.special('upper');
    for (const [language, words] of Object.entries(model.lowerable)) this.#lowerable.set(language, new Set(words));
    const vocabulary = Object.fromEntries(this.#ids);
    this.#bpe = new Bpe(vocabulary, model.merges, this.#firstByte, this.#firstByte + 256);
  }

  /** Number of tokens: the `vocabulary` of the model's shape. */
  get size(): number {
    return this.model.tokens.length;
  }

  /**
   * Id of a special token by its name without brackets: `pad`, `s`, `/s`, `fuzzy`, `term`, `/term`, `ph0` … `ph31`,
   * `2de`, `reserved0` ….
   *
   * @throws PARAMETER_INVALID when the vocabulary has none of this name.
   */
  special(name: string): number {
    const id = this.model.special.indexOf(`<${name}>`);
    if (id >= 0) return id;
    throw new PerennialError('PARAMETER_INVALID', `The vocabulary has no special token <${name}>`, {
      remedy: name.startsWith('2')
        ? `Choose one of the languages it was made for: ${this.model.languages.join(', ')}.`
        : 'Use a vocabulary made by this version of the software.',
      fields: [{ field: 'special', value: name, message: 'is not in the vocabulary' }],
    });
  }

  /** The token of an id, as it stands in the vocabulary; `<pad>` for an id outside. */
  token(id: number): string {
    return this.model.tokens[id] ?? '<pad>';
  }

  /** Whether a token begins with a blank: a new word starts there. */
  startsWord(id: number): boolean {
    return this.token(id).startsWith(blankSign);
  }

  /**
   * Ids of a text, without begin and end. Any text has some that decode to its normal form ({@link normaliseUnicode});
   * special tokens written out in a text are plain text. The placeholders' private-use characters U+E000 to U+E01F are
   * the tokens `ph0` to `ph31`.
   */
  encode(text: string, options: EncodeOptions = {}): number[] {
    return this.#part(normaliseUnicode(text), true, true, options.language, options);
  }

  /**
   * Ids of a text as it stands within a sentence: with a blank before it, the start in the form given. For terms that
   * decoding is to enforce.
   */
  encodeWithin(text: string): number[] {
    return this.#part(normaliseUnicode(text), true, false, undefined, {});
  }

  /**
   * Input of a model with its factors, closed by the end token.
   *
   * @param parts a text, or parts with factors (terms and fuzzy matches).
   * @param target language whose tag is put in front, for a model of several.
   */
  encodeSource(
    parts: string | readonly Segment[],
    options: EncodeOptions & { readonly target?: string } = {},
  ): { source: Int32Array; factors: Uint8Array } {
    const given: readonly Segment[] = typeof parts === 'string' ? [{ text: parts, factor: 0 }] : parts;
    const ids: number[] = [];
    const factors: number[] = [];
    const add = (some: readonly number[], factor: number) => {
      for (const id of some) {
        ids.push(id);
        factors.push(factor);
      }
    };
    if (options.target !== undefined) add([this.special(`2${options.target}`)], 0);
    let first = true;
    for (const part of given) {
      if ('special' in part) {
        add([this.special(part.special)], part.factor);
        continue;
      }
      const starts = first || part.sentence !== undefined;
      add(
        this.#part(normaliseUnicode(part.text), starts, starts, part.sentence ?? options.language, options),
        part.factor,
      );
      first = false;
    }
    add([end], 0);
    return { source: Int32Array.from(ids), factors: Uint8Array.from(factors) };
  }

  /** Target of an example: the ids of the text, closed by the end token. */
  encodeTarget(text: string, options: EncodeOptions = {}): Int32Array {
    const ids = this.encode(text, options);
    ids.push(end);
    return Int32Array.from(ids);
  }

  /**
   * Text of ids. Begin, end, padding, tags and separators say nothing; bytes that are no UTF-8 become U+FFFD; a
   * placeholder becomes its private-use character.
   */
  decode(ids: Iterable<number>): string {
    let text = '';
    let low = false;
    const marks: { at: number; mark: 'cap' | 'upper' }[] = [];
    let bytes: number[] = [];
    const flush = () => {
      if (bytes.length > 0) text += Buffer.from(bytes).toString('utf8');
      bytes = [];
    };
    for (const id of ids) {
      if (id >= this.#firstByte && id < this.#firstByte + 256) {
        bytes.push(id - this.#firstByte);
        continue;
      }
      flush();
      if (id >= this.#firstByte) text += this.token(id).replaceAll(blankSign, ' ').replace('<pad>', '');
      else if (id >= this.#firstPlaceholder && id < this.#firstPlaceholder + placeholderTokens) {
        text += placeholder(id - this.#firstPlaceholder);
      } else if (id === this.#low) low ||= text.trim() === '';
      else if (id === this.#cap) marks.push({ at: text.length, mark: 'cap' });
      else if (id === this.#upper) marks.push({ at: text.length, mark: 'upper' });
    }
    flush();
    for (const { at, mark } of marks) text = raiseWord(text, at, mark);
    if (text.startsWith(' ')) text = text.slice(1);
    return this.model.casing === 'sentence' && !low ? raiseStart(text) : text;
  }

  #part(
    text: string,
    first: boolean,
    sentence: boolean,
    language: string | undefined,
    { dropout = 0, random }: EncodeOptions,
  ): number[] {
    const ids: number[] = [];
    let given = text;
    if (this.model.casing === 'sentence' && sentence) {
      const start = lowerStart(text, language === undefined ? undefined : this.#lowerable.get(language));
      given = start.text;
      if (start.low) ids.push(this.#low);
    }
    for (const piece of pieces(given, first)) {
      let word = piece;
      if (this.model.casing === 'inline') {
        const lowered = lowerWord(piece);
        word = lowered.word;
        if (lowered.mark) ids.push(lowered.mark === 'cap' ? this.#cap : this.#upper);
      }
      const index = placeholderAt(word, 0);
      if (index >= 0 && index < placeholderTokens) ids.push(this.#firstPlaceholder + index);
      else
        for (const id of dropout > 0 && random ? this.#bpe.sample(word, dropout, random) : this.#bpe.encode(word))
          ids.push(id);
    }
    return ids;
  }

  /** The vocabulary as JSON ({@link writeSubwords}): the same for the same texts and options. */
  serialise(): string {
    return writeSubwords(this.model);
  }

  /** Reads what {@link serialise} wrote. @throws MODEL_FORMAT when it is something else, or damaged. */
  static parse(json: string): Subwords {
    return new Subwords(readSubwords(json));
  }
}
