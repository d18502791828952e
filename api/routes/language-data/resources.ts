import { Type } from 'typebox';
import type { JsonObject } from '../../../contracts/json.ts';
import { NewResourceSchema, ResourceChangeSchema } from '../../../contracts/language-data.ts';
import type { App } from '../../app-type.ts';
import type { AppDependencies } from '../../dependencies.ts';
import { Cursor, IdParams, Limit } from '../../schemas.ts';
import type { ResourceRoutes } from './spec.ts';

export const viewer = { role: 'viewer' } as const;
export const operator = { role: 'operator' } as const;
export const Page = { cursor: Type.Optional(Cursor), limit: Type.Optional(Limit) };
export const Version = Type.Integer({ minimum: 0, maximum: 2_000_000_000, description: 'Default: the newest.' });

/** Writes the audit entries of a kind: `memory.create`, `glossary.import`, … */
export function auditOf({ audit }: Pick<AppDependencies, 'audit'>, singular: string) {
  return (request: { apiKey?: { name: string } | null }, action: string, subject: string, detail: object) =>
    audit.write({
      actor: request.apiKey?.name ?? '',
      action: `${singular}.${action}`,
      subject,
      detail: detail as JsonObject,
    });
}

/** Memories or glossaries themselves, and their versions. */
export function resourceRoutes<Content extends object>(
  app: App,
  deps: AppDependencies,
  { plural, singular, service }: ResourceRoutes<Content>,
): void {
  const tags = [plural];
  const log = auditOf(deps, singular);

  app.get(
    `/v1/${plural}`,
    {
      config: viewer,
      schema: { tags, summary: `List ${plural}`, querystring: Type.Object(Page, { additionalProperties: false }) },
    },
    async (request) => {
      const { limit = 50, cursor } = request.query;
      const { resources, next } = await service.list({ ...(cursor === undefined ? {} : { cursor }), limit });
      return { [plural]: resources, next };
    },
  );

  app.post(
    `/v1/${plural}`,
    { config: operator, schema: { tags, summary: `Make a ${singular}, empty`, body: NewResourceSchema } },
    async (request, reply) => {
      const made = await service.create(request.body, request.apiKey?.name ?? '');
      await log(request, 'create', made.id, request.body);
      return reply.status(201).header('location', `/v1/${plural}/${made.id}`).send(made);
    },
  );

  app.get(
    `/v1/${plural}/:id`,
    { config: viewer, schema: { tags, summary: `A ${singular}`, params: IdParams } },
    async (request) => service.get(request.params.id),
  );

  app.patch(
    `/v1/${plural}/:id`,
    {
      config: operator,
      schema: {
        tags,
        summary: `Rename a ${singular}, or change its domain`,
        params: IdParams,
        body: ResourceChangeSchema,
      },
    },
    async (request) => {
      const changed = await service.change(request.params.id, request.body);
      await log(request, 'change', changed.id, request.body);
      return changed;
    },
  );

  app.delete(
    `/v1/${plural}/:id`,
    {
      config: operator,
      schema: { tags, summary: `Remove a ${singular} with all its versions`, params: IdParams },
    },
    async (request, reply) => {
      await service.remove(request.params.id);
      await log(request, 'remove', request.params.id, {});
      return reply.status(204).send();
    },
  );

  app.get(
    `/v1/${plural}/:id/versions`,
    {
      config: viewer,
      schema: {
        tags,
        summary: `Versions of a ${singular}, newest first: who made them, when and why`,
        params: IdParams,
        querystring: Type.Object(Page, { additionalProperties: false }),
      },
    },
    async (request) => {
      const { limit = 50, cursor } = request.query;
      return service.versions(request.params.id, { ...(cursor === undefined ? {} : { cursor }), limit });
    },
  );

  app.get(
    `/v1/${plural}/:id/diff`,
    {
      config: viewer,
      schema: {
        tags,
        summary: 'How two versions differ: counts, and the entries page by page',
        params: IdParams,
        querystring: Type.Object(
          { from: Type.Integer({ minimum: 0, maximum: 2_000_000_000 }), to: Type.Optional(Version), ...Page },
          { additionalProperties: false },
        ),
      },
    },
    async (request) => {
      const { id } = request.params;
      const { from, to = (await service.get(id)).version, cursor, limit = 50 } = request.query;
      return service.diff(id, from, to, { ...(cursor === undefined ? {} : { cursor }), limit });
    },
  );
}
