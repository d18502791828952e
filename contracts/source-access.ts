import { type Static, Type } from 'typebox';

/** Environment variables that a mapping may name: no others, so that no run can send a secret of ours anywhere. */
export const sourceSecretPattern = '^SOURCE_[A-Z0-9_]{1,60}$';
const closed = { additionalProperties: false } as const;
const secretName = (description: string) => Type.String({ pattern: sourceSecretPattern, description });

/** A check that exactly one of some properties is there. */
export const oneOf = (keys: readonly string[]) => (value: object) => keys.filter((key) => key in value).length === 1;

/** What is read of a PostgreSQL database. */
export const PostgresAccessSchema = Type.Refine(
  Type.Object(
    {
      table: Type.Optional(
        Type.String({
          maxLength: 200,
          pattern: '^[^.\\u0000]+(\\.[^.\\u0000]+)?$',
          description: 'A table or view, such as public.sales.',
        }),
      ),
      query: Type.Optional(Type.String({ minLength: 1, maxLength: 10_000, description: 'One SELECT.' })),
      passwordEnv: Type.Optional(
        secretName('Environment variable of the worker (or of the command) that holds the password.'),
      ),
    },
    closed,
  ),
  oneOf(['table', 'query']),
  () => 'must have exactly one of table, query',
);

export type PostgresAccess = Static<typeof PostgresAccessSchema>;

/** How files of a web address are read. */
export const HttpAccessSchema = Type.Object(
  {
    files: Type.Optional(
      Type.Array(Type.String({ minLength: 1, maxLength: 1000 }), {
        minItems: 1,
        maxItems: 10_000,
        uniqueItems: true,
        description: 'Files below the address of the source; default: the address is the one file.',
      }),
    ),
    authorizationEnv: Type.Optional(
      secretName('Environment variable with the `authorization` header, such as Bearer ….'),
    ),
    maxMiB: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_048_576, description: 'Largest file; default 4096.' })),
    timeoutSeconds: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 3600, description: 'Longest silence of the server; default 60.' }),
    ),
  },
  closed,
);

export type HttpAccess = Static<typeof HttpAccessSchema>;
