import type { Random } from '../../../domain/nlp/random.ts';
import { adjectives, type Noun, parts, people, places, times, verbs } from './lexicon.ts';

export interface Sentence {
  readonly en: string;
  readonly de: string;
}

const articles = { m: ['der', 'den'], f: ['die', 'die'], n: ['das', 'das'] } as const;

/** A German noun with its definite article and perhaps an adjective, as subject or object. */
function german({ de, gender }: Noun, role: 'subject' | 'object', adjective?: string): string {
  const article = articles[gender][role === 'subject' ? 0 : 1];
  const ending = gender === 'm' && role === 'object' ? 'en' : 'e';
  return `${article} ${adjective ? `${adjective}${ending} ` : ''}${de}`;
}

const english = ({ en }: Noun, adjective?: string): string => `the ${adjective ? `${adjective} ` : ''}${en}`;
const sentence = (text: string, end = '.'): string => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}${end}`;

/** Draws sentences of a small world. `objects`: what is spoken of; default all parts of the lexicon. */
export class Grammar {
  readonly #random: Random;
  readonly #objects: readonly Noun[];

  constructor(random: Random, objects: readonly Noun[] = parts) {
    this.#random = random;
    this.#objects = objects;
  }

  /** As people write: statements, questions, polite orders. */
  general(): Sentence {
    const [part, other] = [this.#pick(this.#objects), this.#pick(this.#objects)];
    const [person, adjective, verb] = [this.#pick(people), this.#pick(adjectives), this.#pick(verbs)];
    const [place, time] = [this.#pick(places), this.#pick(times)];
    const described = this.#random.next() < 0.5 ? adjective : undefined;
    switch (this.#random.below(6)) {
      case 0:
        return {
          en: sentence(`${english(person)} ${verb.third} ${english(part, described?.en)} ${place.en}`),
          de: sentence(`${german(person, 'subject')} ${verb.de} ${german(part, 'object', described?.de)} ${place.de}`),
        };
      case 1:
        return {
          en: sentence(`${english(person)} ${verb.third} ${english(part)} and ${english(other)} ${time.en}`),
          de: sentence(
            `${german(person, 'subject')} ${verb.de} ${time.de} ${german(part, 'object')} und ${german(other, 'object')}`,
          ),
        };
      case 2:
        return {
          en: sentence(`${english(part)} is ${adjective.en}`),
          de: sentence(`${german(part, 'subject')} ist ${adjective.de}`),
        };
      case 3:
        return {
          en: sentence(`is ${english(part)} ${adjective.en}`, '?'),
          de: sentence(`ist ${german(part, 'subject')} ${adjective.de}`, '?'),
        };
      case 4:
        return {
          en: sentence(`please ${verb.base} ${english(part, described?.en)}`),
          de: sentence(`bitte ${verb.infinitive} Sie ${german(part, 'object', described?.de)}`),
        };
      default:
        return {
          en: sentence(`${english(part)} stands ${place.en}`),
          de: sentence(`${german(part, 'subject')} steht ${place.de}`),
        };
    }
  }

  /** As the house writes its manuals: orders without articles, the verb last. */
  manual(): Sentence {
    const [part, other, verb] = [this.#pick(this.#objects), this.#pick(this.#objects), this.#pick(verbs)];
    const second = this.#pick(verbs);
    switch (this.#random.below(4)) {
      case 0:
        return { en: sentence(`${verb.base} the ${part.en}`), de: `${part.de} ${verb.infinitive}.` };
      case 1:
        return {
          en: sentence(`${verb.base} the ${part.en}, then ${second.base} the ${other.en}`),
          de: `${part.de} ${verb.infinitive}, dann ${other.de} ${second.infinitive}.`,
        };
      case 2:
        return {
          en: sentence(`do not ${verb.base} the ${part.en}`, '!'),
          de: `${part.de} nicht ${verb.infinitive}!`,
        };
      default:
        return {
          en: `<b>${sentence(`${verb.base} the ${part.en}`, '')}</b>: see page {0}.`,
          de: `<b>${part.de} ${verb.infinitive}</b>: siehe Seite {0}.`,
        };
    }
  }

  #pick<T>(list: readonly T[]): T {
    return list[this.#random.below(list.length)] as T;
  }
}
