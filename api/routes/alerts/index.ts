import { Type } from 'typebox';
import { type AlertState, alertStates } from '../../../contracts/alerts.ts';
import { alertSeverities } from '../../../contracts/rules.ts';
import { createAlertService } from '../../../domain/alerts/index.ts';
import type { App } from '../../app-type.ts';
import type { AppDependencies } from '../../dependencies.ts';
import { Cursor, IdParams, Limit, Reason } from '../../schemas.ts';

const State = Type.Unsafe<AlertState | 'open' | 'all'>(
  Type.Union([...alertStates, 'open', 'all'].map((state) => Type.Literal(state))),
);

export function alertRoutes(app: App, deps: AppDependencies): void {
  const { audit } = deps;
  const service = createAlertService(deps);
  const viewer = { role: 'viewer' } as const;
  const operator = { role: 'operator' } as const;
  const tags = ['alerts'];

  app.get(
    '/v1/alerts',
    {
      config: viewer,
      schema: {
        tags,
        summary: 'Alerts, newest first; those that are open unless asked otherwise',
        querystring: Type.Object(
          {
            state: Type.Optional(State),
            alert: Type.Optional(Type.String({ maxLength: 63, description: 'Id of the definition.' })),
            pipeline: Type.Optional(Type.String({ maxLength: 100 })),
            market: Type.Optional(Type.String({ maxLength: 200 })),
            severity: Type.Optional(Type.Union(alertSeverities.map((severity) => Type.Literal(severity)))),
            cursor: Type.Optional(Cursor),
            limit: Type.Optional(Limit),
          },
          { additionalProperties: false },
        ),
      },
    },
    async (request) => {
      const { state = 'open', alert, cursor, limit = 50, ...filter } = request.query;
      const states = alertStates.filter((one) => state === one || (state === 'open' && one !== 'resolved'));
      return service.list(
        { ...filter, ...(alert === undefined ? {} : { definition: alert }), ...(state === 'all' ? {} : { states }) },
        { limit, ...(cursor === undefined ? {} : { cursor }) },
      );
    },
  );

  app.get(
    '/v1/alerts/:id',
    {
      config: viewer,
      schema: { tags, summary: 'An alert, with what became of it and whom it was told', params: IdParams },
    },
    async (request) => service.show(request.params.id),
  );

  app.post(
    '/v1/alerts/:id/acknowledge',
    {
      config: operator,
      schema: {
        tags,
        summary: 'Say that you take care: it is not escalated any more',
        params: IdParams,
        body: Type.Object({ note: Type.Optional(Reason) }, { additionalProperties: false }),
      },
    },
    async (request) => {
      const { id } = request.params;
      const { note = '' } = request.body;
      const by = request.apiKey?.name ?? '';
      const alert = await service.acknowledge(id, by, note);
      await audit.write({ actor: by, action: 'alert.acknowledge', subject: id, detail: { note } });
      return alert;
    },
  );

  app.post(
    '/v1/alerts/:id/resolve',
    {
      config: operator,
      schema: {
        tags,
        summary: 'Say that it is over; it fires again when it happens anew',
        params: IdParams,
        body: Type.Object({ note: Reason }, { additionalProperties: false }),
      },
    },
    async (request) => {
      const { id } = request.params;
      const { note } = request.body;
      const by = request.apiKey?.name ?? '';
      const alert = await service.resolve(id, by, note);
      await audit.write({ actor: by, action: 'alert.resolve', subject: id, detail: { note } });
      return alert;
    },
  );
}
