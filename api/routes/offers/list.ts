import { Type } from 'typebox';
import { PerennialError } from '../../../contracts/errors.ts';
import { marketListKinds } from '../../../contracts/market-lists.ts';
import type { App } from '../../app-type.ts';
import type { AppDependencies } from '../../dependencies.ts';
import { DateParam, IdParams, Limit } from '../../schemas.ts';
import { attachment, type ListFile, listFile, listFiles } from './list-files.ts';

const formats = ['json', ...(Object.keys(listFiles) as ListFile[])] as const;

/** One list of a market for its sales people, by expected revenue: pages of JSON, or the whole of it as a file. */
export function marketListRoutes(app: App, { marketLists }: AppDependencies): void {
  app.get(
    '/v1/offers/markets/:id/list',
    {
      config: { role: 'viewer' },
      schema: {
        tags: ['offers'],
        summary: 'What to talk about with which customer of a market, by expected revenue (JSON, CSV, XLSX, Parquet)',
        description:
          'A line for each customer and product: a chosen `offer`, a `new` product, or the `next` of those it knows. Offers that are held out are not among them. CSV, XLSX and Parquet hold the whole list; JSON comes in pages. The header accept asks for a format as well.',
        params: IdParams,
        querystring: Type.Object({
          asOf: Type.Optional(DateParam),
          kind: Type.Optional(Type.Union(marketListKinds.map((kind) => Type.Literal(kind)))),
          q: Type.Optional(
            Type.String({
              minLength: 1,
              maxLength: 200,
              description: 'Part of a customer’s or product’s id, or of a description; capitals make no difference.',
            }),
          ),
          format: Type.Optional(Type.Union(formats.map((format) => Type.Literal(format)))),
          after: Type.Optional(
            Type.Integer({
              minimum: 0,
              maximum: 2_147_483_647,
              description: 'JSON: rank of the last entry of the page before.',
            }),
          ),
          limit: Limit,
        }),
      },
    },
    async (request, reply) => {
      const { asOf, kind, q, after, limit, format = acceptedFormat(request.headers.accept) } = request.query;
      const market = request.params.id;
      const info = await marketLists.find(market, asOf);
      if (!info)
        throw new PerennialError(
          'NOT_FOUND',
          `There is no list of the market "${market}"${asOf ? ` on ${asOf}` : ''}.`,
          {
            remedy: 'GET /v1/offers/markets lists the markets; a run of the pipeline offers makes their lists.',
          },
        );
      const filter = { ...(kind === undefined ? {} : { kind }), ...(q === undefined ? {} : { text: q }) };
      reply.header('vary', 'accept');
      if (format === 'json') {
        const lines = await marketLists.page(info, { ...filter, limit, ...(after === undefined ? {} : { after }) });
        return { ...info, lines, next: lines.length === limit ? (lines.at(-1)?.rank ?? null) : null };
      }
      const list = await marketLists.open(info, filter);
      const close = (): void => void list.close().catch((error: unknown) => request.log.warn({ err: error }, 'list'));
      // Also when the client goes away before the end.
      reply.raw.once('close', close);
      return reply
        .type(listFiles[format])
        .header('content-disposition', attachment(`${market}-${info.asOf}${kind ? `-${kind}` : ''}.${format}`))
        .send(listFile(format, info, list));
    },
  );
}

/** The first format that the header `accept` names; JSON when it names none. */
function acceptedFormat(accept = ''): (typeof formats)[number] {
  const types = new Map<string, ListFile>(
    Object.entries(listFiles).map(([format, type]) => [type.split(';')[0] ?? '', format as ListFile]),
  );
  for (const part of accept.split(',')) {
    const type = part.split(';')[0]?.trim().toLowerCase() ?? '';
    if (type === 'application/json') return 'json';
    const format = types.get(type);
    if (format) return format;
  }
  return 'json';
}
