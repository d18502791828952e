import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { JsonObject } from '../../../contracts/json.ts';
import { AliasName, VersionNumber } from '../../../contracts/models.ts';
import type { Actor } from '../../../domain/registry/policy.ts';
import type { AppDependencies } from '../../dependencies.ts';

export const tags = ['models'];
export const viewer = { role: 'viewer' } as const;
export const operator = { role: 'operator' } as const;
export const admin = { role: 'admin' } as const;

const model = Type.String({ minLength: 1, maxLength: 200 });
/** A version by its number, an alias, or the newest. */
const Choice = Type.String({
  pattern: '^([1-9][0-9]{0,9}|[a-z][a-z0-9-]{0,40})$',
  description: 'A number, an alias such as champion, or newest.',
});
export const ModelParams = Type.Object({ model });
export const AliasParams = Type.Object({ model, alias: AliasName });
export const VersionParams = Type.Object({ model, version: Choice });
/** Of what is changed: no alias, which could move meanwhile. */
export const NumberParams = Type.Object({ model, version: VersionNumber });
export { Choice };
/** Why somebody changed what serves. */
export const Why = Type.String({ minLength: 3, maxLength: 1000, description: 'Kept in the history.' });
export const Expected = Type.Optional(
  Type.Union([VersionNumber, Type.Null()], {
    description: 'The version the alias must point at now (null: none), so that nobody else’s change is undone unseen.',
  }),
);

export function actorOf({ apiKey }: FastifyRequest): Actor {
  return { name: apiKey?.name ?? '', role: apiKey?.role ?? 'viewer' };
}

/** Writes the audit entries of models: `model.alias`, `model.delete`, … */
export function auditOf({ audit }: Pick<AppDependencies, 'audit'>) {
  return (request: FastifyRequest, action: string, subject: string, detail: JsonObject): Promise<void> =>
    audit.write({ actor: actorOf(request).name, action: `model.${action}`, subject, detail });
}
