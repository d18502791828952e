/** What a part of a model's input is: ids of the source factors. */
export const factor = {
  plain: 0,
  /** A term of the source that is annotated. */
  term: 1,
  /** What the term is to be in the translation, in base form, behind the term. */
  termTarget: 2,
  /** Translation of a similar sentence, appended: what belongs to the words that both sentences share. */
  fuzzy: 3,
  /** The rest of that translation. */
  fuzzyOther: 4,
} as const;

/** Number of source factors of a model that knows terms and fuzzy matches. */
export const factorCount = 5;
