import { Type } from 'typebox';

/** One of some words. */
export const oneOf = <Value extends string>(
  values: readonly Value[],
  options: { readonly description?: string } = {},
) =>
  Type.Unsafe<Value>(
    Type.Union(
      values.map((value) => Type.Literal(value)),
      options,
    ),
  );

/** One of some words, or several with commas between. */
export const listOf = (values: readonly string[]) =>
  Type.String({
    pattern: `^(${values.join('|')})(,(${values.join('|')}))*$`,
    description: `One of ${values.join(', ')}, or several with commas between.`,
  });

export const Limit = Type.Integer({ minimum: 1, maximum: 500, default: 50, description: 'Entries of a page.' });
export const Cursor = Type.String({ minLength: 1, description: '`next` of the page before.' });
/** PostgreSQL has no year 0, Date no leap seconds. */
const day = { format: 'date', pattern: '^(?!0000)' } as const;
const time = { format: 'date-time', pattern: '^(?!0000)(?!.{17}60)' } as const;
export const DateParam = Type.String({ ...day, description: 'YYYY-MM-DD' });
export const TimeParam = Type.Union([Type.String(day), Type.String(time)], {
  description: 'ISO 8601: a day (00:00 UTC) or a time with its zone.',
});
/** Why a person did something; kept with it. */
export const Reason = Type.String({ minLength: 1, maxLength: 1000, examples: ['the source delivers again at noon'] });
export const IdParams = Type.Object({ id: Type.String({ minLength: 1, maxLength: 200 }) });
/** Of routes that start something, which a client whose connection broke may ask for again. */
export const IdempotencyHeaders = Type.Object({
  'idempotency-key': Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
});
