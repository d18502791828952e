/** `code`: in a pipeline's definition, applied at the start; `api`: made by a person or a program. */
export type DefinitionOrigin = 'code' | 'api';

/** What applying the schedules, deadlines or rules of the code would change. */
export interface DefinitionChange {
  readonly id: string;
  /** `conflict`: one of that id was made by API, so the code's is left out. */
  readonly kind: 'add' | 'change' | 'remove' | 'conflict';
  /** Fields that differ, with their values now and then; for `conflict` empty. */
  readonly fields: readonly { readonly field: string; readonly from: unknown; readonly to: unknown }[];
}
