import { Type } from 'typebox';
import { runStatuses } from '../contracts/runs.ts';

export const Limit = Type.Integer({ minimum: 1, maximum: 500, default: 50, description: 'Entries of a page.' });
export const Cursor = Type.String({ minLength: 1, description: '`next` of the page before.' });
export const DateParam = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$', description: 'YYYY-MM-DD' });
export const TimeParam = Type.String({
  pattern: '^\\d{4}-\\d{2}-\\d{2}(T[0-9:.]+(Z|[+-]\\d{2}:\\d{2}))?$',
  description: 'ISO 8601',
});
export const Status = Type.Union(runStatuses.map((status) => Type.Literal(status)));
export const IdParams = Type.Object({ id: Type.String({ minLength: 1, maxLength: 200 }) });
