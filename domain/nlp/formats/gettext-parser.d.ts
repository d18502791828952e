/** What is used of gettext-parser, which brings no types. */
declare module 'gettext-parser' {
  export interface GetTextTranslation {
    readonly msgid: string;
    readonly msgid_plural?: string;
    readonly msgctxt?: string;
    readonly msgstr?: readonly string[];
    readonly comments?: { readonly flag?: string; readonly extracted?: string };
  }
  interface GetTextTranslations {
    readonly charset?: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly translations: Readonly<Record<string, Readonly<Record<string, GetTextTranslation>>>>;
  }
  export const po: {
    /** Text is taken as it is, without looking for a charset. */
    parse(text: string, options: { readonly validation: boolean }): GetTextTranslations;
    compile(table: GetTextTranslations): Buffer;
  };
}
