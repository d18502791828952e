/** Changes of a draft: undefined takes a field away. */
export type Change<T> = { readonly [Field in keyof T]?: T[Field] | undefined };
