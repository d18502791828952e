import type { ComparedAnswer } from '../../../contracts/rollouts.ts';
import type { TranslatedText } from '../../../contracts/translation.ts';
import type { TrialHooks } from '../../serving/index.ts';
import { chrf } from '../metrics/index.ts';
import type { ModelInUse } from './model-in-use.ts';

type Translations = TranslatedText[];

/** How translations of a request are compared in a rollout. */
export const translationTrial = {
  /** The share of terms that are used, and how sure the model was. */
  scoresOf(translations: Translations): ComparedAnswer['scores'] {
    const terms = translations.flatMap((translation) => translation.terms);
    const confidence = translations.reduce((sum, translation) => sum + translation.confidence, 0) / translations.length;
    const used = terms.filter(({ form }) => form !== 'missed').length;
    return { confidence, ...(terms.length === 0 ? {} : { terms: used / terms.length }) };
  },
  /** chrF of one against the other. */
  agreementOf(own: Translations, other: Translations): ComparedAnswer['scores'] {
    const texts = (all: Translations): string[] => all.map(({ text }) => text);
    return { agreement: chrf(texts(own), texts(other)) / 100 };
  },
  isByModel: (translations: Translations): boolean =>
    translations.some(({ origin }) => origin === 'model' || origin === 'mixed'),
} satisfies Partial<TrialHooks<ModelInUse, Translations>>;
