import { Type } from 'typebox';
import { PerennialError, toErrorInfo } from '../../../contracts/errors.ts';
import type { JsonObject } from '../../../contracts/json.ts';
import { type RunStatus, runStatuses, terminalRunStatuses } from '../../../contracts/runs.ts';
import type { RunSearch } from '../../../domain/ports/run-insight.ts';
import type { App } from '../../app-type.ts';
import type { AppDependencies } from '../../dependencies.ts';
import { cancelRun } from './cancel.ts';
import { runFilter, searchOf } from './filter.ts';
import { findRun } from './find.ts';
import { retryRun } from './retry.ts';

/** Runs acted on in one request; the answer says when there are more. */
const most = 1_000;
const lanes = 8;

/** Statuses of runs that an action applies to. */
const appliesTo: Readonly<Record<'cancel' | 'retry', readonly RunStatus[]>> = {
  cancel: runStatuses.filter((status) => !terminalRunStatuses.has(status)),
  retry: ['failed', 'cancelled'],
};

/** Cancel or retry by filter or by ids. */
export function bulkRoutes(app: App, deps: AppDependencies): void {
  const { runs, runInsight, audit } = deps;
  app.post(
    '/v1/runs/bulk',
    {
      config: { role: 'operator' },
      schema: {
        tags: ['runs'],
        summary: 'Cancel or retry chosen runs, or all that a filter finds',
        description: `At most ${most} runs a request. Runs that the action does not apply to are left alone: cancel takes those that have not ended, retry those that failed or were cancelled.`,
        body: Type.Object(
          {
            action: Type.Union([Type.Literal('cancel'), Type.Literal('retry')]),
            filter: Type.Optional(Type.Object(runFilter, { additionalProperties: false, minProperties: 1 })),
            ids: Type.Optional(
              Type.Array(Type.String({ minLength: 1, maxLength: 200 }), {
                minItems: 1,
                maxItems: most,
                uniqueItems: true,
                description: 'Instead of a filter.',
              }),
            ),
            dryRun: Type.Optional(Type.Boolean({ default: false, description: 'Only lists what it would act on.' })),
          },
          { additionalProperties: false },
        ),
      },
    },
    async (request) => {
      const { action, filter, ids, dryRun = false } = request.body;
      const by = request.apiKey?.name ?? '';
      if ((filter === undefined) === (ids === undefined)) {
        throw new PerennialError('VALIDATION_FAILED', 'body: give either filter or ids.', {
          fields: [{ field: 'body', message: 'needs filter or ids, and not both' }],
          remedy: 'A filter finds runs, ids name them.',
        });
      }
      const { found, more } = ids ? await named(ids, action) : await collect(searchOf(filter ?? {}), action);
      if (!dryRun) {
        await audit.write({
          actor: by,
          action: `run.${action}.bulk`,
          subject: '',
          detail: { ...(ids ? { ids } : { filter: filter as JsonObject }), runs: found.length },
        });
      }
      const results = dryRun ? [] : await inLanes(found, (id) => act(action, id, by));
      const failed = results.filter(({ error }) => error !== null);
      return { action, dryRun, runs: found, done: results.length - failed.length, failed, more };
    },
  );

  async function act(action: 'cancel' | 'retry', id: string, by: string) {
    try {
      const run = await findRun(runs, id);
      if (action === 'cancel') await cancelRun(deps, run, by);
      else await retryRun(deps, run, { by });
      return { run: id, error: null };
    } catch (error) {
      return { run: id, error: toErrorInfo(error) };
    }
  }

  async function named(ids: readonly string[], action: 'cancel' | 'retry') {
    const chosen = await inLanes(ids, (id) => findRun(runs, id));
    return {
      found: chosen.filter(({ status }) => appliesTo[action].includes(status)).map(({ id }) => id),
      more: false,
    };
  }

  async function collect({ statuses = runStatuses, ...search }: RunSearch, action: 'cancel' | 'retry') {
    const found: string[] = [];
    const wanted = statuses.filter((status) => appliesTo[action].includes(status));
    for (let cursor: string | null | undefined; cursor !== null && wanted.length > 0; ) {
      const page = await runInsight.list(
        { ...search, statuses: wanted },
        { limit: 500, ...(cursor ? { cursor } : {}) },
      );
      found.push(...page.runs.map(({ id }) => id));
      if (found.length > most) return { found: found.slice(0, most), more: true };
      cursor = page.next;
    }
    return { found, more: false };
  }
}

/** The results of `work` for each, a few at a time, in order. */
async function inLanes<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let index = next++; index < items.length; index = next++) results[index] = await work(items[index] as T);
  };
  await Promise.all(Array.from({ length: Math.min(lanes, items.length) }, lane));
  return results;
}
