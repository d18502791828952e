import { misspell } from '../../../domain/assortment-gap/index.ts';
import type { Random } from '../../../domain/nlp/random.ts';
import type { DemoProduct } from './catalogue.ts';
import type { DemoCustomer } from './customers.ts';
import { idioms, sentences } from './phrases.ts';
import { colourNames, type DemoLanguage, goodNames, outsideNames, styleNames } from './vocabulary.ts';

/** What a text says of a product: it is used, it is not, or it is used and not in the catalogue. */
export interface DemoMention {
  /** As it stands in the text. */
  readonly text: string;
  /** Id in the catalogue; null for what is not in it. */
  readonly product: string | null;
  readonly used: boolean;
  /** What no wholesaler of these goods sells: its usual name, the same in all languages. */
  readonly outside?: string;
}

export interface DemoDocument {
  readonly language: DemoLanguage;
  /** Name of the file behind the customer's id: `notes.txt`, `website.html`. */
  readonly name: string;
  readonly text: string;
  readonly mentions: readonly DemoMention[];
}

/** Chance of a slip in a word of five letters or more. */
const slip = 0.1;
/** Chance that the style or the colour of a product is left out, where it is the only one left. */
const leftOut = 0.15;

type Words = DemoProduct['words'];
const partsOf = ({ style, good, colour }: Words): string => `${style}|${good}|${colour}`;

/**
 * Texts as customers write them: in two languages, with other names than the catalogue's, plurals, slips, words left out and
 * in another order; among sentences that speak of products they don't use, of products close to the catalogue's but not in
 * it, and of none with words that products have too.
 */
export class HardTexts {
  readonly #catalogue: readonly DemoProduct[];
  readonly #random: Random;
  /** How many products there are of a combination, with one word left out too. */
  readonly #count = new Map<string, number>();

  constructor(catalogue: readonly DemoProduct[], random: Random) {
    this.#catalogue = catalogue;
    this.#random = random;
    for (const { words } of catalogue) {
      for (const part of [partsOf(words), partsOf({ ...words, style: '' }), partsOf({ ...words, colour: '' })])
        this.#count.set(part, (this.#count.get(part) ?? 0) + 1);
    }
  }

  /** One to three texts of a customer, which together speak of all that is in `used`. */
  of(customer: DemoCustomer, used: readonly number[]): DemoDocument[] {
    const random = this.#random;
    const german = /Germany/.test(customer.market) ? 0.8 : /Kingdom/.test(customer.market) ? 0.15 : 0.4;
    const products = Int32Array.from(used);
    random.shuffle(products);
    const count = 1 + random.below(3);
    return Array.from({ length: count }, (_, d) => {
      const language: DemoLanguage = random.next() < german ? 'de' : 'en';
      const own = products.filter((_, i) => i % count === d);
      const { text, mentions } = this.#document([...own], customer, language);
      const html = random.next() < 0.5;
      return {
        language,
        name: html ? `website-${d + 1}.html` : `notes-${d + 1}.txt`,
        text: html ? page(text) : text.join(' '),
        mentions,
      };
    });
  }

  #document(used: readonly number[], customer: DemoCustomer, language: DemoLanguage) {
    const random = this.#random;
    const mentions: DemoMention[] = [];
    const text: string[] = [];
    const say = (isUsed: boolean, parts: DemoMention[]): void => {
      const frame = this.#pick(sentences[language][isUsed ? 'used' : 'unused']);
      const and = language === 'de' ? ' und ' : ' and ';
      const said = parts.map(({ text: one }) => one);
      text.push(
        frame.replace('%', said.length < 2 ? (said[0] ?? '') : `${said.slice(0, -1).join(', ')}${and}${said.at(-1)}`),
      );
      mentions.push(...parts);
    };
    for (let i = 0; i < used.length; ) {
      const size = random.next() < 0.3 ? 2 + random.below(2) : 1;
      const group = used.slice(i, i + size);
      i += size;
      const parts = group.map((p) => this.#catalogued(p, language, true));
      if (random.next() < 0.15) parts.push(this.#near(language));
      say(true, parts);
    }
    for (let i = random.below(3); i > 0; i--) say(false, [this.#catalogued(this.#unused(customer), language, false)]);
    if (random.next() < 0.6) say(true, [this.#near(language)]);
    for (let i = random.below(3); i > 0; i--) say(true, [this.#outside(language)]);
    for (let i = random.below(3); i > 0; i--) text.push(this.#pick(idioms[language]));
    return { text: shuffled(text, random), mentions };
  }

  #catalogued(index: number, language: DemoLanguage, used: boolean): DemoMention {
    const { id, words } = this.#catalogue[index] as DemoProduct;
    return { text: this.#spoken(words, language), product: id, used };
  }

  /** A product like those of the catalogue that is not in it. */
  #near(language: DemoLanguage): DemoMention {
    const any = () => (this.#catalogue[this.#random.below(this.#catalogue.length)] as DemoProduct).words;
    let words = any();
    for (let tries = 0; tries < 50 && this.#count.has(partsOf(words)); tries++) words = { ...any(), good: any().good };
    const product = this.#catalogue.find((one) => partsOf(one.words) === partsOf(words));
    return { text: this.#spoken(words, language), product: product?.id ?? null, used: true };
  }

  #outside(language: DemoLanguage): DemoMention {
    const which = this.#random.below(outsideNames[language].length);
    const [singular = '', plural = ''] = outsideNames[language][which]?.split('/') ?? [];
    const colour = this.#pick(Object.values(colourNames)[this.#random.below(8)]?.[language] ?? []);
    const many = this.#random.next() < 0.6;
    const name = many ? plural : singular;
    return {
      text: this.#misspelt(language === 'de' ? `${inflected(colour)} ${name}` : `${colour} ${name}`),
      product: null,
      used: true,
      outside: outsideNames.en[which]?.split('/')[0] ?? name,
    };
  }

  #unused(customer: DemoCustomer): number {
    for (;;) {
      const p = this.#random.below(this.#catalogue.length);
      if (!customer.staples.includes(p) && !customer.gap.includes(p)) return p;
    }
  }

  /** A product in words of a language. */
  #spoken(words: Words, language: DemoLanguage): string {
    const random = this.#random;
    let [style, colour] = [
      this.#pick(styleNames[words.style]?.[language] ?? []),
      this.#pick(colourNames[words.colour]?.[language] ?? []),
    ];
    if (random.next() < leftOut) {
      const without = random.next() < 0.5 ? 'style' : 'colour';
      if ((this.#count.get(partsOf({ ...words, [without]: '' })) ?? 0) <= 1) {
        if (without === 'style') style = '';
        else colour = '';
      }
    }
    const [singular = '', plural = ''] = this.#pick(goodNames[words.good]?.[language] ?? []).split('/');
    const good = random.next() < 0.6 ? plural : singular;
    const order = random.below(3);
    const before = language === 'de' ? [colour, style].filter(Boolean).map(inflected) : [colour, style].filter(Boolean);
    let said = [...before, good].join(' ');
    if (order === 1) said = [...before.slice().reverse(), good].join(' ');
    if (order === 2 && colour !== '') {
      const name = [style && (language === 'de' ? inflected(style) : style), good].filter(Boolean).join(' ');
      said = `${name} in ${colour}`;
    }
    return this.#misspelt(said);
  }

  #misspelt(text: string): string {
    const random = this.#random;
    return text
      .split(' ')
      .map((word) => (word.length < 5 || random.next() >= slip ? word : misspell(word, random)))
      .join(' ');
  }

  #pick<T>(list: readonly T[]): T {
    return list[this.#random.below(list.length)] as T;
  }
}

function inflected(word: string): string {
  return /^\p{Lu}/u.test(word) || word.endsWith('e') ? word : `${word}e`;
}

function shuffled(list: readonly string[], random: Random): string[] {
  const order = Int32Array.from(list.keys());
  random.shuffle(order);
  return Array.from(order, (i) => list[i] as string);
}

function page(text: readonly string[]): string {
  const half = Math.ceil(text.length / 2);
  const [first, second] = [text.slice(0, half), text.slice(half)];
  return `<!doctype html><html><head><title>Welcome</title><script>var stock = "none";</script></head><body><main><p>${first.join(' ')}</p><ul>${second.map((one) => `<li>${one}</li>`).join('')}</ul></main></body></html>\n`;
}
