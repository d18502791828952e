import { Type } from 'typebox';
import { PerennialError } from '../../../contracts/errors.ts';
import { type AnyPipeline, findPipeline, limitKeyOf } from '../../../domain/dag/index.ts';
import type { Admission } from '../../../domain/ports/admission.ts';
import type { App } from '../../app-type.ts';
import type { AppDependencies } from '../../dependencies.ts';

const NameParams = Type.Object({
  name: Type.String({
    pattern: '^(pool:)?[a-z][a-z0-9-]*(/[^/\\u0000]{1,100})?$',
    maxLength: 200,
    description: 'A pipeline, `pipeline/key`, or `pool:name`.',
    examples: ['offers', 'offers/DE', 'pool:gpu'],
  }),
});

/** The queue of runs and steps, and the limits before it. */
export function limitRoutes(app: App, { admission, launcher, pipelines, audit }: AppDependencies): void {
  /** Lets in who fits under the changed limit. While Temporal is away, the sweep tells them later. */
  const apply = async (): Promise<void> => {
    const { runs, slots } = await admission.next();
    try {
      await launcher.admitted(runs);
      await launcher.slotsGranted(slots);
    } catch (error) {
      if (!(error instanceof PerennialError && error.code === 'UNAVAILABLE')) throw error;
    }
  };

  app.get(
    '/v1/queue',
    { config: { role: 'viewer' }, schema: { tags: ['limits'], summary: 'What waits, for what, and its place' } },
    async () => ({ waiting: await admission.waiting() }),
  );

  app.get(
    '/v1/limits',
    {
      config: { role: 'viewer' },
      schema: { tags: ['limits'], summary: 'Limits, who set them, and how full they are' },
    },
    async () => ({ limits: await admission.limits() }),
  );

  app.put(
    '/v1/limits/:name',
    {
      config: { role: 'operator' },
      schema: {
        tags: ['limits'],
        summary: 'Set a limit at run time',
        description:
          'Wins over the capacity that the pipeline states; 0 lets nothing in. Names with a slash are written with %2F.',
        params: NameParams,
        body: Type.Object(
          { capacity: Type.Integer({ minimum: 0, maximum: 100_000 }) },
          { additionalProperties: false },
        ),
      },
    },
    async (request) => {
      const { name } = request.params;
      const { capacity } = request.body;
      const by = request.apiKey?.name ?? '';
      await checkName(name, pipelines, admission);
      await audit.write({ actor: by, action: 'limit.set', subject: name, detail: { capacity } });
      await admission.setLimit(name, capacity, by);
      await apply();
      return { name, capacity, by };
    },
  );

  app.delete(
    '/v1/limits/:name',
    {
      config: { role: 'operator' },
      schema: { tags: ['limits'], summary: 'Go back to the capacity that the pipeline states', params: NameParams },
    },
    async (request, reply) => {
      const { name } = request.params;
      if (!(await admission.clearLimit(name))) {
        throw new PerennialError('NOT_FOUND', `No limit "${name}" was set at run time.`, {
          remedy: 'GET /v1/limits lists them.',
        });
      }
      await audit.write({ actor: request.apiKey?.name ?? '', action: 'limit.clear', subject: name, detail: {} });
      await apply();
      return reply.status(204).send();
    },
  );
}

/** A misspelt limit would hold nobody: PIPELINE_UNKNOWN, or NOT_FOUND for a pool or a key that no run counts for. */
async function checkName(
  name: string,
  pipelines: ReadonlyMap<string, AnyPipeline>,
  admission: Pick<Admission, 'limits'>,
): Promise<void> {
  if (!name.startsWith('pool:')) {
    const [id = '', key] = name.split('/');
    const pipeline = findPipeline(pipelines, id);
    if (key === undefined || limitKeyOf(pipeline) !== undefined) return;
    throw new PerennialError('NOT_FOUND', `Runs of "${id}" have no key: no run counts for "${name}".`, {
      remedy: `Set "${id}", or give the pipeline a concurrency.key.`,
    });
  }
  const pools = new Set(
    [...pipelines.values()].flatMap(({ steps }) => Object.values(steps).map(({ pool }) => pool && `pool:${pool.name}`)),
  );
  // One that only the code of runs under way has.
  if (pools.has(name) || (await admission.limits()).some((limit) => limit.name === name)) return;
  const known = [...pools].filter((pool) => pool !== undefined).join(', ') || 'none';
  throw new PerennialError('NOT_FOUND', `No step uses the pool "${name}"; there are ${known}.`, {
    remedy: 'GET /v1/pipelines/{id} shows the steps of a pipeline.',
  });
}
