import { randomUUID } from 'node:crypto';
import { PerennialError } from '../../contracts/errors.ts';
import type { DecisionRepository } from '../../domain/ports/results.ts';
import { type Connection, sql } from './client.ts';
import { type OverrideRow, toOverride } from './decision-rows.ts';
import { transaction } from './transaction.ts';

/** Verdicts that people put in the place of decisions' own. */
export function decisionOverrides({
  pool,
}: Pick<Connection, 'pool'>): Pick<DecisionRepository, 'addOverride' | 'decideOverride'> {
  return {
    addOverride: ({ decision, verdict, reason, by, key, approved }, now) =>
      transaction(pool, async (tx) => {
        // One at a time for a decision.
        const found = await tx.query(sql`select 1 from decisions where id = ${decision} for update`);
        if (found.rowCount === 0)
          throw notFound(`There is no decision "${decision}".`, 'GET /v1/decisions lists them.');
        const pending = await tx.query<OverrideRow>(sql`
          select * from decision_overrides where decision_id = ${decision} and status = 'pending'`);
        if (pending.rows[0]) {
          const { id, verdict: wanted, requested_by: whose } = pending.rows[0];
          throw new PerennialError(
            'CONFLICT',
            `The override ${id} (to ${wanted}, asked for by ${whose}) of the decision "${decision}" is pending.`,
            { remedy: 'Approve or decline it first.' },
          );
        }
        const status = approved ? 'approved' : 'pending';
        const [decidedBy, decidedAt] = approved ? [by, now] : [null, null];
        const { rows } = await tx.query<OverrideRow>(sql`
          insert into decision_overrides (id, decision_id, verdict, reason, status, requested_by, requested_key, requested_at,
            decided_by, decided_at)
          values (${randomUUID()}, ${decision}, ${verdict}, ${reason}, ${status}, ${by}, ${key}, ${now}, ${decidedBy}, ${decidedAt})
          returning *`);
        return toOverride(rows[0] as OverrideRow);
      }),
    decideOverride: (id, { decision, status, by, key, note, fourEyes }, now) =>
      transaction(pool, async (tx) => {
        const { rows } = await tx.query<OverrideRow>(sql`
          select * from decision_overrides where id = ${id} and decision_id = ${decision} for update`);
        const override = rows[0];
        if (!override)
          throw notFound(
            `The decision "${decision}" has no override "${id}".`,
            `GET /v1/decisions/${decision} shows its overrides.`,
          );
        if (override.status !== 'pending')
          throw new PerennialError(
            'CONFLICT',
            `The override ${id} was ${override.status} by ${override.decided_by} already.`,
            { remedy: 'Ask for a new override.' },
          );
        if (status === 'approved' && fourEyes && override.requested_key === key)
          throw new PerennialError(
            'FORBIDDEN',
            `The override ${id} was asked for with this key ("${override.requested_by}"), and its policy wants four eyes.`,
            { remedy: 'Let somebody with another key approve it.' },
          );
        const decided = await tx.query<OverrideRow>(sql`
          update decision_overrides set status = ${status}, decided_by = ${by}, decided_at = ${now}, note = ${note}
          where id = ${id} returning *`);
        return toOverride(decided.rows[0] as OverrideRow);
      }),
  };
}

function notFound(message: string, remedy: string): PerennialError {
  return new PerennialError('NOT_FOUND', message, { remedy });
}
