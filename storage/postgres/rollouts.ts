import type { JsonObject } from '../../contracts/json.ts';
import type { RolloutEvent, RolloutPlan } from '../../contracts/rollouts.ts';
import { endedRollouts } from '../../contracts/rollouts.ts';
import type { RolloutRepository } from '../../domain/ports/rollouts.ts';
import { type Connection, cursors, iso } from './client.ts';
import { comparisonStore } from './comparisons.ts';
import { createRollouts } from './create-rollouts.ts';
import type { Prisma } from './generated/client.ts';
import { addRolloutChanged } from './inner-events.ts';
import { lockModel, moveAlias } from './model-aliases.ts';
import { toRollout, toState } from './rollout-rows.ts';
import { writeTraffic } from './traffic.ts';

/** Rollouts in PostgreSQL. What goes with a change of one is done in the same transaction. */
export function rolloutRepository(connection: Connection): RolloutRepository {
  const db = connection.prisma;
  return {
    ...comparisonStore(connection),

    create: (rollouts) => createRollouts(db, rollouts),

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
        const { model, market, version, configuration, by } = found;
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
            ...{ model, market },
            routes: traffic.routes,
            rollout: traffic.compares ? { id, step, comparedPerSecond } : null,
            by: actor,
            reason,
          });
        }
        if (promotes && market === '')
          await moveAlias(tx, { model, alias: 'champion', version, configuration, by: actor, reason, rolloutId: id });
        else if (promotes)
          await writeTraffic(tx, {
            ...{ model, market, by: actor, reason },
            routes: [{ version, configuration, share: 1 }],
            rollout: null,
          });
        if (event !== undefined) {
          const { id: eventId } = await tx.rolloutEvent.create({ data: { ...event, rolloutId: id } });
          const { type, text } = event;
          await addRolloutChanged(tx, { eventId, type, rollout: id, model, market, version, by: actor, text });
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
