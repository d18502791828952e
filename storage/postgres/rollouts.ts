import { PerennialError } from '../../contracts/errors.ts';
import type { JsonObject } from '../../contracts/json.ts';
import type { GateReading, RolloutEvent, RolloutPlan, RolloutRecord, RolloutStatus } from '../../contracts/rollouts.ts';
import { endedRollouts } from '../../contracts/rollouts.ts';
import { variantName } from '../../contracts/traffic.ts';
import type { RolloutRepository, RolloutState } from '../../domain/ports/rollouts.ts';
import { type Connection, cursors, iso } from './client.ts';
import { comparisonStore } from './comparisons.ts';
import type { Prisma, Rollout as Row } from './generated/client.ts';
import { addRolloutChanged } from './inner-events.ts';
import { lockModel, moveAlias } from './model-aliases.ts';
import { configurationInForce, writeTraffic } from './traffic.ts';

/** Rollouts in PostgreSQL. What goes with a change of one is done in the same transaction. */
export function rolloutRepository(connection: Connection): RolloutRepository {
  const db = connection.prisma;
  return {
    ...comparisonStore(connection),

    async create({ id, model, version, configuration, base, baseConfiguration, plan, reason, by, createdAt }) {
      const row = await db.$transaction(async (tx) => {
        await lockModel(tx, model);
        const active = await tx.rollout.findUnique({ where: { activeModel: model } });
        if (active)
          throw new PerennialError(
            'CONFLICT',
            `Rollout ${active.id} of "${model}" goes on, with version ${variantName(active)}.`,
            {
              remedy: `Wait for it, or end it: \`perennial rollouts abort ${active.id}\`.`,
            },
          );
        const champion = await tx.modelAlias.findUnique({ where: { model_alias: { model, alias: 'champion' } } });
        if (champion?.version !== base)
          throw new PerennialError('CONFLICT', `Version ${base} is no longer the champion of "${model}".`, {
            remedy: 'Start the rollout again.',
          });
        if ((await configurationInForce(tx, model)) !== baseConfiguration)
          throw new PerennialError(
            'CONFLICT',
            `Configuration ${baseConfiguration} of "${model}" is no longer the one in force.`,
            { remedy: 'Start the rollout again.' },
          );
        return tx.rollout.create({
          data: {
            id,
            model,
            version,
            configuration,
            base,
            baseConfiguration,
            plan: plan as unknown as Prisma.InputJsonObject,
            status: 'queued',
            reason,
            by,
            activeModel: model,
            createdAt,
            events: {
              create: { type: 'created', by, text: reason, data: { version, configuration, base, baseConfiguration } },
            },
          },
        });
      });
      return toRollout(row);
    },

    async get(id) {
      const row = await db.rollout.findUnique({ where: { id } });
      return row && toState(row);
    },

    async list({ model, status }, { limit, cursor }) {
      const after = cursors.read(cursor);
      const rows = await db.rollout.findMany({
        where: {
          ...(model === undefined ? {} : { model }),
          ...(status === undefined ? {} : { status }),
          ...(after === null
            ? {}
            : { OR: [{ createdAt: { lt: after.at } }, { createdAt: after.at, id: { lt: after.id } }] }),
        },
        orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
        take: limit + 1,
      });
      const rollouts = rows.slice(0, limit).map(toRollout);
      const last = rollouts.at(-1);
      return { rollouts, next: rows.length > limit && last ? cursors.write(last.createdAt, last.id) : null };
    },

    async events(id) {
      const rows = await db.rolloutEvent.findMany({ where: { rolloutId: id }, orderBy: { id: 'asc' } });
      return rows.map(
        ({ at, type, by, text, data }): RolloutEvent => ({ at: iso(at), type, by, text, data: data as JsonObject }),
      );
    },

    async queued(before, limit) {
      const rows = await db.rollout.findMany({
        where: { status: 'queued', createdAt: { lt: before } },
        orderBy: { createdAt: 'asc' },
        take: limit,
      });
      return rows.map(toRollout);
    },

    change: (id, revision, { rollout, traffic, promotes, event }) =>
      db.$transaction(async (tx) => {
        const found = await tx.rollout.findUnique({ where: { id } });
        if (found === null) return false;
        const { model, version, configuration, by } = found;
        await lockModel(tx, model);
        const { cursor, readings, evidence, status, ...rest } = rollout;
        const { count } = await tx.rollout.updateMany({
          where: { id, revision, finishedAt: null },
          data: {
            ...rest,
            ...(status === undefined ? {} : { status }),
            ...(status !== undefined && endedRollouts.has(status) ? { activeModel: null } : {}),
            ...(cursor === undefined ? {} : { cursor: BigInt(cursor) }),
            ...(readings === undefined ? {} : { readings: readings as unknown as Prisma.InputJsonArray }),
            ...(evidence === undefined ? {} : { evidence: evidence as unknown as Prisma.InputJsonObject }),
            revision: { increment: 1 },
          },
        });
        if (count === 0) return false;
        const reason = rollout.reason ?? found.reason;
        const actor = event?.by ?? by;
        if (traffic !== undefined) {
          const { comparedPerSecond } = found.plan as unknown as RolloutPlan;
          const step = rollout.step ?? found.step;
          await writeTraffic(tx, {
            model,
            routes: traffic.routes,
            rollout: traffic.compares ? { id, step, comparedPerSecond } : null,
            by: actor,
            reason,
          });
        }
        if (promotes)
          await moveAlias(tx, { model, alias: 'champion', version, configuration, by: actor, reason, rolloutId: id });
        if (event !== undefined) {
          const { id: eventId } = await tx.rolloutEvent.create({ data: { ...event, rolloutId: id } });
          const { type, text } = event;
          await addRolloutChanged(tx, { eventId, type, rollout: id, model, version, by: actor, text });
          await tx.auditEntry.create({
            data: {
              actor,
              action: `rollout.${event.type}`,
              subject: id,
              detail: { model, version, configuration, text: event.text },
            },
          });
        }
        return true;
      }),
  };
}

function toRollout(row: Row): RolloutRecord {
  const {
    id,
    model,
    version,
    configuration,
    base,
    baseConfiguration,
    plan,
    status,
    step,
    stepSince,
    revision,
    readings,
    reason,
    by,
    createdAt,
    finishedAt,
  } = row;
  return {
    id,
    model,
    version,
    configuration,
    base,
    baseConfiguration,
    plan: plan as unknown as RolloutPlan,
    status: status as RolloutStatus,
    step,
    stepSince: iso(stepSince),
    revision,
    readings: readings as unknown as GateReading[],
    reason,
    by,
    createdAt: iso(createdAt),
    finishedAt: iso(finishedAt),
  };
}

function toState(row: Row): RolloutState {
  return {
    ...toRollout(row),
    evidence: row.evidence as unknown as RolloutState['evidence'],
    cursor: String(row.cursor),
  };
}
