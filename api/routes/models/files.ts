import { Readable } from 'node:stream';
import { Type } from 'typebox';
import { ModelName } from '../../../contracts/models.ts';
import { exportVersion, importVersion } from '../../../domain/registry/archive/index.ts';
import { findVersion } from '../../../domain/registry/find.ts';
import { kindsOf } from '../../../domain/registry/kinds.ts';
import type { App } from '../../app-type.ts';
import type { AppDependencies } from '../../dependencies.ts';
import { auditOf, operator, tags, VersionParams } from './common.ts';

/** Versions as one file: streamed out and in. */
export function modelFileRoutes(app: App, deps: AppDependencies): void {
  const { models, artifacts, clock, code, pipelines } = deps;
  const kinds = kindsOf(pipelines.values());
  const audit = auditOf(deps);

  app.get(
    '/v1/models/:model/versions/:version/export',
    {
      config: operator,
      schema: { tags, summary: 'A version with all its files as one tar file', params: VersionParams },
    },
    async (request, reply) => {
      const { model } = request.params;
      const found = await findVersion(models, model, request.params.version);
      const archive = await exportVersion(found, { artifacts, kinds, software: code, now: clock.now() });
      await audit(request, 'export', `${model}/${found.version}`, {});
      return reply
        .type('application/x-tar')
        .header('content-disposition', `attachment; filename="${encodeURIComponent(model)}-${found.version}.tar"`)
        .send(Readable.from(archive, { objectMode: false }));
    },
  );

  app.register(async (scope: App) => {
    // The archive is read while it comes in, whatever its size.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, _payload, done) => done(null));
    scope.post(
      '/v1/models/imports',
      {
        config: operator,
        schema: {
          tags,
          summary:
            'Add the version in an exported file, sent as the body; it serves nowhere until an alias points at it',
          querystring: Type.Object(
            { name: Type.Optional({ ...ModelName, description: 'Name of the model. Default: as the file has it.' }) },
            { additionalProperties: false },
          ),
        },
      },
      async (request, reply) => {
        const { name } = request.query;
        // Not destroyed when reading ends early: the connection still has to carry the answer.
        const body = request.raw.iterator({ destroyOnReturn: false });
        const imported = await importVersion(body, { models, artifacts, kinds }, { name });
        const { model, version, artifact } = imported.version;
        await audit(request, 'import', `${model}/${version}`, { sha256: artifact.sha256, checked: imported.checked });
        return reply
          .status(201)
          .header('location', `/v1/models/${encodeURIComponent(model)}/versions/${version}`)
          .send(imported);
      },
    );
  });
}
