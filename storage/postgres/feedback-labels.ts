import { type ComparedAnswer, correctionScore } from '../../contracts/rollouts.ts';
import type { FeedbackRepository, LabelledPair } from '../../domain/ports/feedback.ts';
import { type Connection, json, sql } from './client.ts';
import { transaction } from './transaction.ts';

interface Waiting {
  readonly id: string;
  readonly base_score: number;
  readonly candidate_score: number;
}

/** A score as evidence: no request of its own, so neither failure nor time. */
const label = (a: number, b: number): ComparedAnswer => ({
  error: null,
  ms: null,
  scores: { [correctionScore]: (a + b) / 2 },
});

/** Corrections as labels of rollouts. */
export function feedbackLabels({ pool }: Connection): Pick<FeedbackRepository, 'labelable' | 'saveLabel'> {
  return {
    async labelable(limit) {
      const { rows } = await pool.query<LabelledPair>(sql`
        select f.id as feedback, f.rollout_id as "rolloutId", f.correction,
          case f.side when 'base' then f.answer else p.answer end as base,
          case f.side when 'base' then p.answer else f.answer end as candidate
        from feedback f join rollouts r on r.id = f.rollout_id and r.finished_at is null cross join lateral (
          select p.answer from translation_predictions p
          where not p.served and p.request_id = f.request_id and p.place = f.place and p.rollout_id = f.rollout_id
            and p.side <> f.side and p.source = f.source
          order by p.at desc limit 1) p
        where f.label is null and f.joined_at is not null and f.origin in ('model', 'mixed') order by f.at limit ${limit}`);
      return rows;
    },

    saveLabel: (id, { base, candidate }, now) =>
      transaction(pool, async (tx) => {
        const { rows } = await tx.query<{ rollout_id: string; side: string; request_id: string }>(sql`
          select f.rollout_id, f.side, f.request_id from feedback f join rollouts r on r.id = f.rollout_id
          where f.id = ${id} and f.label is null and r.finished_at is null`);
        const [own] = rows;
        if (own === undefined) return;
        // One after another in a rollout: none is matched twice, and none waits beside one that it would match.
        await tx.query('select pg_advisory_xact_lock(hashtext($1))', [`labels:${own.rollout_id}`]);
        const found = await tx.query<Waiting>(sql`
          select id, base_score, candidate_score from feedback
          where rollout_id = ${own.rollout_id} and label = 'waiting' and side <> ${own.side} order by at limit 1`);
        const [other] = found.rows;
        const marked = await tx.query(sql`
          update feedback set label = ${other ? 'used' : 'waiting'}, base_score = ${base}, candidate_score = ${candidate}
          where id = ${id} and label is null`);
        if (marked.rowCount === 0 || other === undefined) return;
        await tx.query(sql`update feedback set label = 'used' where id = ${other.id}`);
        await tx.query(sql`
          insert into comparisons (rollout_id, step, at, request_id, served, base, candidate)
          select r.id, r.step, ${now}, ${own.request_id}, ${own.side}, ${json(label(base, other.base_score))}::jsonb,
            ${json(label(candidate, other.candidate_score))}::jsonb
          from rollouts r where r.id = ${own.rollout_id} and r.finished_at is null`);
      }),
  };
}
