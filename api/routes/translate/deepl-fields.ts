import { type Static, Type } from 'typebox';

/** Under which the routes stand in the API's page. */
export const deeplTags = ['translation for DeepL clients'];

const word = Type.String({ maxLength: 200 });

/** Glossaries as DeepL's clients name them: one, several, or several with commas. */
export const glossaryFields = {
  glossary_id: Type.Optional(word),
  glossary_ids: Type.Optional(Type.Union([Type.String({ maxLength: 2000 }), Type.Array(word, { maxItems: 20 })])),
};
const Glossaries = Type.Object(glossaryFields);

/** Ids of the glossaries of {@link glossaryFields}. */
export function glossariesOf({ glossary_id, glossary_ids }: Static<typeof Glossaries>): string[] {
  const given = glossary_ids ?? glossary_id ?? [];
  return (typeof given === 'string' ? given.split(',') : given).filter((id) => id !== '');
}
