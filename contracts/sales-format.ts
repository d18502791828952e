import { type Static, Type } from 'typebox';

/** How text files are written, and how numbers and times are. */
export const SalesFormatSchema = Type.Object(
  {
    separator: Type.Optional(
      Type.String({ minLength: 1, maxLength: 1, description: 'Between fields; default a comma. A tab is "\\t".' }),
    ),
    quote: Type.Optional(Type.String({ maxLength: 1, description: 'Around fields; default ". Empty: none.' })),
    escape: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 1,
        description: 'Before a quote within a field; default: the quote itself.',
      }),
    ),
    encoding: Type.Optional(
      Type.String({
        pattern: '^[a-zA-Z0-9_:-]{2,30}$',
        description:
          'A label of the WHATWG encoding standard, such as latin1, windows-1252 or utf-16le; default utf-8.',
      }),
    ),
    skipLines: Type.Optional(
      Type.Integer({ minimum: 0, maximum: 1000, description: 'Lines before the header; default 0.' }),
    ),
    columnNames: Type.Optional(
      Type.Array(Type.String({ minLength: 1, maxLength: 200 }), {
        minItems: 1,
        maxItems: 1000,
        uniqueItems: true,
        description: 'Names of the columns of text files that have no header line.',
      }),
    ),
    decimal: Type.Optional(
      Type.Union([Type.Literal('.'), Type.Literal(',')], {
        description: 'The decimal mark of numbers; default a point.',
      }),
    ),
    thousands: Type.Optional(
      Type.Union([Type.Literal('.'), Type.Literal(','), Type.Literal(' '), Type.Literal("'")], {
        description: 'What stands between thousands; default: nothing may.',
      }),
    ),
    dateFormats: Type.Optional(
      Type.Array(
        Type.String({
          maxLength: 60,
          pattern: '^[^%]*(%-?[aAbBdmyYHIMSpfgjnzZ%][^%]*)*$',
          description: 'Such as %d.%m.%Y %H:%M, as in strptime.',
        }),
        {
          minItems: 1,
          maxItems: 10,
          description: 'Of dates and times, tried in this order; ISO 8601 (2026-01-31 08:15:00) is read in any case.',
        },
      ),
    ),
    nulls: Type.Optional(
      Type.Array(Type.String({ minLength: 1, maxLength: 20 }), {
        minItems: 1,
        maxItems: 10,
        description: 'Texts that mean that there is nothing, such as NULL or n/a.',
      }),
    ),
  },
  { additionalProperties: false },
);
export type SalesFormat = Static<typeof SalesFormatSchema>;
