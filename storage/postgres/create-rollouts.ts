import { PerennialError } from '../../contracts/errors.ts';
import type { RolloutRecord } from '../../contracts/rollouts.ts';
import { type TrafficRoute, trafficKey, variantName } from '../../contracts/traffic.ts';
import type { NewRollout } from '../../domain/ports/rollouts.ts';
import type { PrismaClient } from './client.ts';
import type { Prisma } from './generated/client.ts';
import { lockModel } from './model-aliases.ts';
import { toRollout } from './rollout-rows.ts';
import { configurationInForce } from './traffic.ts';

/** Stores rollouts of one version, all or none; see RolloutRepository. */
export function createRollouts(db: PrismaClient, rollouts: readonly NewRollout[]): Promise<RolloutRecord[]> {
  return db.$transaction(async (tx) => {
    const [first] = rollouts;
    if (!first) return [];
    const { model, version } = first;
    await lockModel(tx, model);
    const there = await tx.rollout.findMany({ where: { id: { in: rollouts.map(({ id }) => id) } } });
    if (there.length > 0) return there.map(toRollout);
    const keys = rollouts.map(({ market }) => trafficKey(model, market));
    const active = await tx.rollout.findFirst({ where: { activeModel: { in: keys } } });
    if (active) throw goesOn(active);
    const champion = await tx.modelAlias.findUnique({ where: { model_alias: { model, alias: 'champion' } } });
    const rows: RolloutRecord[] = [];
    const inForce = await configurationInForce(tx, model);
    for (const { market, base, baseConfiguration, plan, by, reason, ...rollout } of rollouts) {
      const key = trafficKey(model, market);
      const traffic = await tx.traffic.findFirst({ where: { model: key }, orderBy: { revision: 'desc' } });
      const route = (traffic?.routes as TrafficRoute[] | undefined)?.find(({ share }) => share > 0);
      const serves = (market === '' ? null : route?.version) ?? champion?.version;
      if (serves !== base) throw servesNoLonger(base, model, market);
      if (inForce !== baseConfiguration) throw inForceNoLonger(baseConfiguration, model);
      const row = await tx.rollout.create({
        data: {
          ...{ ...rollout, market, base, baseConfiguration, by, reason },
          plan: plan as unknown as Prisma.InputJsonObject,
          status: 'queued',
          activeModel: key,
          events: {
            create: {
              type: 'created',
              by,
              text: reason,
              data: { version, configuration: rollout.configuration, base, baseConfiguration },
            },
          },
        },
      });
      rows.push(toRollout(row));
    }
    // Of several, one of each market, the decision names the first: the others are of the same version.
    await tx.$executeRaw`
      update decisions set rollout = ${first.id} where model = ${model} and training_run_id =
        (select run_id from model_versions where model = ${model} and version = ${version})`;
    return rows;
  });
}

type Active = Pick<RolloutRecord, 'id' | 'model' | 'market' | 'version' | 'configuration'>;

function goesOn({ id, model, market, ...variant }: Active): Error {
  const of = market === '' ? `"${model}"` : `"${model}" in ${market}`;
  return new PerennialError('CONFLICT', `Rollout ${id} of ${of} goes on, with version ${variantName(variant)}.`, {
    remedy: `Wait for it, or end it: \`perennial rollouts abort ${id}\`.`,
  });
}

function servesNoLonger(base: number, model: string, market: string): Error {
  const what =
    market === '' ? `is no longer the champion of "${model}"` : `no longer makes the lists of "${model}" in ${market}`;
  return new PerennialError('CONFLICT', `Version ${base} ${what}.`, { remedy: 'Start the rollout again.' });
}

function inForceNoLonger(configuration: number, model: string): Error {
  const message = `Configuration ${configuration} of "${model}" is no longer the one in force.`;
  return new PerennialError('CONFLICT', message, { remedy: 'Start the rollout again.' });
}
