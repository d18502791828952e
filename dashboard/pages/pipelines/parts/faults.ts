import { ApiError } from '../../../http/client.ts';

/** Faults of what a form sends, by the fields they belong to. */
export interface Faults {
  /** What is wrong with a field or, with `within`, with anything below it; undefined: nothing. */
  readonly of: (field: string, within?: boolean) => string | undefined;
}

/** The faults that an error of the API names. */
export function faultsOf(error: Error | null): Faults {
  const fields = (error instanceof ApiError ? error.fields : []).map(({ field, message }) => ({
    field: field.replace(/^body\.(?:rule\.)?/, ''),
    message,
  }));
  return {
    of(field, within = false) {
      const found = fields.filter((fault) => fault.field === field || (within && fault.field.startsWith(`${field}.`)));
      if (found.length === 0) return undefined;
      return found
        .map((fault) =>
          fault.field === field ? fault.message : `${fault.field.slice(field.length + 1)} ${fault.message}`,
        )
        .join('; ');
    },
  };
}
