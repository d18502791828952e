import { Type } from 'typebox';
import type { App } from '../../app-type.ts';
import type { AppDependencies } from '../../dependencies.ts';
import { Cursor, Limit, TimeParam } from '../../schemas.ts';

const Text = (description: string) => Type.String({ minLength: 1, maxLength: 500, description });

/** Who did what. Whoever may do things sees what others did; those who only read don't need to know of people. */
export function auditRoutes(app: App, { audit }: AppDependencies): void {
  app.get(
    '/v1/audit',
    {
      config: { role: 'operator' },
      schema: {
        tags: ['audit'],
        summary: 'Who did what, newest first',
        querystring: Type.Object({
          actor: Type.Optional(Text('Name of a key.')),
          action: Type.Optional(Text('Such as run.cancel; `*` stands for any text: `run.*`.')),
          subject: Type.Optional(Text('Id of what it was done to; `*` stands for any text.')),
          from: Type.Optional(TimeParam),
          to: Type.Optional(TimeParam),
          cursor: Type.Optional(Cursor),
          limit: Limit,
        }),
      },
    },
    async ({ query: { from, to, ...filter } }) =>
      audit.list({
        ...filter,
        ...(from === undefined ? {} : { from: new Date(from) }),
        ...(to === undefined ? {} : { to: new Date(to) }),
      }),
  );
}
