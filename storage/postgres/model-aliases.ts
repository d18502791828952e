import { PerennialError } from '../../contracts/errors.ts';
import type { Executor, PrismaClient } from './client.ts';
import { addModelPromoted } from './inner-events.ts';
import { writeTraffic } from './traffic.ts';

type Transaction = Executor & Pick<PrismaClient, 'modelVersion' | 'modelAlias' | 'modelAliasChange' | 'rollout'>;

/** One writer of a model at a time, until the transaction ends. */
export async function lockModel(tx: Executor, model: string): Promise<void> {
  await tx.$queryRaw`select pg_advisory_xact_lock(hashtext(${`model:${model}`}))::text`;
}

/**
 * Points an alias at a version within a transaction, keeps the change and tells of it. A new champion answers all callers.
 *
 * @param change.rolloutId the rollout that does it. NOT_FOUND when the version is not there; CONFLICT when another rollout decides about the champion.
 */
export async function moveAlias(
  tx: Transaction,
  {
    rolloutId = null,
    ...change
  }: {
    readonly model: string;
    readonly alias: string;
    readonly version: number;
    readonly by: string;
    readonly reason: string;
    readonly rolloutId?: string | null;
  },
): Promise<void> {
  const { model, alias, version, by, reason } = change;
  await lockModel(tx, model);
  if (!(await tx.modelVersion.findUnique({ where: { model_version: { model, version } } }))) {
    throw new PerennialError('NOT_FOUND', `Model "${model}" has no version ${version}.`, {
      remedy: `GET /v1/models?model=${model} lists its versions.`,
    });
  }
  const isChampion = alias === 'champion';
  const active = isChampion ? await tx.rollout.findUnique({ where: { activeModel: model } }) : null;
  if (active && active.id !== rolloutId) {
    throw new PerennialError(
      'CONFLICT',
      `Rollout ${active.id} decides whether version ${active.version} of "${model}" becomes the champion.`,
      { remedy: `Wait for it, or end it: \`perennial rollouts abort ${active.id}\`.` },
    );
  }
  const key = { model, alias };
  const before = await tx.modelAlias.findUnique({ where: { model_alias: key } });
  if (before?.version !== version) {
    await tx.modelAlias.upsert({ where: { model_alias: key }, create: { ...key, version }, update: { version } });
    const { id: changeId } = await tx.modelAliasChange.create({ data: change });
    await addModelPromoted(tx, { ...change, before: before?.version ?? null, changeId });
  }
  if (isChampion && (before?.version !== version || rolloutId !== null)) {
    const routes = [{ version, share: 1 }];
    await writeTraffic(tx, { model, routes, rollout: null, by, reason });
  }
}
