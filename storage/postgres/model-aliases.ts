import { PerennialError } from '../../contracts/errors.ts';
import { builtIn } from '../../contracts/serving-configurations.ts';
import type { AliasOptions } from '../../domain/ports/models.ts';
import type { Executor, PrismaClient } from './client.ts';
import { addModelPromoted } from './inner-events.ts';
import { clearMarkets, configurationInForce, writeTraffic } from './traffic.ts';

type Transaction = Executor & Pick<PrismaClient, 'modelVersion' | 'modelAlias' | 'modelAliasChange' | 'rollout'>;

/** What {@link lockModel} locks, for transactions without Prisma. */
export const modelLock = (model: string): string => `model:${model}`;

/** One writer a model at a time: versions have no gaps, an alias does not move while its version is removed. */
export async function lockModel(tx: Executor, model: string): Promise<void> {
  await tx.$queryRaw`select pg_advisory_xact_lock(hashtext(${modelLock(model)}))::text`;
}

/**
 * Points an alias at a version, or at none, within a transaction; keeps the change and tells of it. A new champion answers all
 * callers, by the configuration in force unless another one is given.
 *
 * @param move.rolloutId the rollout that does it.
 * @throws NOT_FOUND, GONE when the version or the configuration is not there; CONFLICT when the alias is not where it is expected, or another rollout
 *   decides about the champion.
 */
export async function moveAlias(
  tx: Transaction,
  {
    rolloutId = null,
    expected,
    ...move
  }: AliasOptions & {
    readonly model: string;
    readonly alias: string;
    readonly version: number | null;
    readonly by: string;
    readonly reason: string;
    readonly rolloutId?: string | null;
  },
): Promise<void> {
  const { model, alias, version, by, reason } = move;
  const { kind = version === null ? 'remove' : 'set', runId = null, decisionId = null } = move;
  await lockModel(tx, model);
  const found =
    version === null ? null : await tx.modelVersion.findUnique({ where: { model_version: { model, version } } });
  if (version !== null && found?.deletedAt !== null) throw noVersion(model, version, found !== null);
  const key = { model, alias };
  const before = (await tx.modelAlias.findUnique({ where: { model_alias: key } }))?.version ?? null;
  if (expected !== undefined && before !== expected) throw moved(model, alias, before, expected);
  const isChampion = alias === 'champion';
  const inForce = isChampion ? await configurationInForce(tx, model) : builtIn;
  const { configuration = inForce } = move;
  const changes = before !== version || (isChampion && version !== null && configuration !== inForce);
  if (isChampion && changes) await refuseInRollout(tx, model, rolloutId);
  const at = await lockedAt(tx);
  if (before !== version) {
    if (version === null) await tx.modelAlias.delete({ where: { model_alias: key } });
    else await tx.modelAlias.upsert({ where: { model_alias: key }, create: { ...key, version }, update: { version } });
    const data = { ...key, version, at, by, reason, kind, runId, decisionId };
    const change = await tx.modelAliasChange.create({ data });
    if (version !== null) await addModelPromoted(tx, { ...key, version, by, reason, before, changeId: change.id });
  }
  if (isChampion && (changes || rolloutId !== null)) {
    const routes = version === null ? [] : [{ version, configuration, share: 1 }];
    await writeTraffic(tx, { model, routes, rollout: null, by, reason, at });
    await clearMarkets(tx, { model, by, reason });
  }
}

/** The time of day, which never goes back between those who hold the lock of a model one after another. */
async function lockedAt(tx: Executor): Promise<Date> {
  const [row] = await tx.$queryRaw<[{ at: Date }]>`select clock_timestamp() as at`;
  return row.at;
}

async function refuseInRollout(tx: Transaction, model: string, rolloutId: string | null): Promise<void> {
  const active = await tx.rollout.findFirst({
    where: { model, finishedAt: null, ...(rolloutId === null ? {} : { id: { not: rolloutId } }) },
  });
  if (active === null) return;
  throw new PerennialError('CONFLICT', `Rollout ${active.id} decides by what "${model}" is served.`, {
    remedy: `Wait for it, or end it: \`perennial rollouts abort ${active.id}\`.`,
  });
}

function noVersion(model: string, version: number, wasDeleted: boolean): PerennialError {
  return new PerennialError(
    wasDeleted ? 'GONE' : 'NOT_FOUND',
    wasDeleted ? `Version ${version} of model "${model}" was deleted.` : `Model "${model}" has no version ${version}.`,
    { remedy: `GET /v1/models?model=${model} lists its versions.` },
  );
}

function moved(model: string, alias: string, before: number | null, expected: number | null): PerennialError {
  const said = (version: number | null): string => (version === null ? 'no version' : `version ${version}`);
  return new PerennialError(
    'CONFLICT',
    `The alias "${alias}" of model "${model}" points at ${said(before)}, not at ${said(expected)} as expected.`,
    {
      fields: [{ field: 'expected', value: expected, message: `is not where the alias points: ${said(before)}` }],
      remedy: 'Somebody else has moved it: look at its history, and decide again.',
    },
  );
}
