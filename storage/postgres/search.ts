import type { SearchKind } from '../../contracts/search.ts';
import type { FoundThing, SearchIndex } from '../../domain/ports/search.ts';
import { type Connection, iso, sql } from './client.ts';
import { escapeLike } from './like.ts';

/** Of what grows without end, so many of the newest are looked through. */
const newestRuns = 5_000;
const newestOthers = 1_000;

interface Row {
  readonly kind: SearchKind;
  readonly id: string;
  readonly title: string;
  readonly detail: string;
  readonly of: string | null;
  readonly at: Date | null;
}

/** Search in one statement: what is small is read whole, and what is large by an index or its newest. */
export function searchIndex({ pool }: Connection): SearchIndex {
  return {
    async find(words, { limit, owner }) {
      const like = words.map((word) => `%${escapeLike(word)}%`);
      const [given = ''] = words;
      const first = given.toLowerCase();
      // Ids of customers are as their source writes them.
      const beginnings = [...new Set([given, first, given.toUpperCase()])];
      const { rows } = await pool.query<Row>(sql`
        with recursive market as (
          (select pipeline, market from kpis order by pipeline, market limit 1)
          union all
          select next.pipeline, next.market from market m, lateral (
            select pipeline, market from kpis k where (k.pipeline, k.market) > (m.pipeline, m.market)
            order by pipeline, market limit 1) next
        ), run as (
          (select id, pipeline, status, partition, params, trigger, created_at from runs order by created_at desc limit ${newestRuns})
          union
          (select id, pipeline, status, partition, params, trigger, created_at from runs
            where id >= ${first} and id < ${first} || 'zz' and starts_with(id, ${first}) order by id limit ${limit})
        )
        (select 'run' as kind, id, concat_ws(' ', pipeline, partition) as title,
          concat_ws(', ', status, nullif(params->>'pair', ''), case when trigger->>'by' ~ '^[0-9a-f]{8}-'
            then 'started by a ' || (trigger->>'kind') else 'started by ' || (trigger->>'by') end) as detail, pipeline as of, created_at as at
          from run where concat_ws(' ', id, pipeline, partition, status, trigger->>'by', params::text) ilike all(${like}::text[])
          order by created_at desc limit ${limit})
        union all
        (select 'partition', partition, partition, pipeline, pipeline, max(created_at)
          from run where partition is not null and concat_ws(' ', partition, pipeline) ilike all(${like}::text[])
          group by partition, pipeline order by partition desc limit ${limit})
        union all
        (select 'market', market, market, 'market of ' || pipeline, pipeline, null from market
          where market <> '' and market ilike all(${like}::text[]) order by market limit ${limit})
        union all
        (select 'customer', customer_id, customer_id, 'customer of ' || market, market, max(as_of)::timestamptz from (
            select begun.* from unnest(${beginnings}::text[]) given (beginning), lateral (
              select customer_id, market, as_of from offer_predictions
              where customer_id >= beginning and customer_id < beginning || 'zz' and starts_with(customer_id, beginning)
              order by customer_id limit 2000) begun) found
          where customer_id || ' ' || market ilike all(${like}::text[]) group by customer_id, market order by customer_id limit ${limit})
        union all
        (select 'product', product_id, max(description), 'product ' || product_id, null, max(as_of)::timestamptz from market m
          cross join lateral (
            select as_of as day from chosen_offers c where c.market = m.market order by as_of desc limit 1) newest
          join chosen_offers o on o.market = m.market and o.as_of = newest.day
          where o.product_id || ' ' || o.description ilike all(${like}::text[]) group by product_id order by product_id limit ${limit})
        union all
        (select 'model', model, model, count(*) || ' versions', null, max(created_at) from model_versions
          where model ilike all(${like}::text[]) group by model order by model limit ${limit})
        union all
        (select 'version', model || '/' || version, model || ' ' || version, coalesce(facts->>'title', description), model, created_at
          from model_versions
          where deleted_at is null and concat_ws(' ', model, version, facts->>'title', description, labels::text) ilike all(${like}::text[])
          order by created_at desc limit ${limit})
        union all
        (select 'rollout', id, model || ' ' || version, concat_ws(', ', 'rollout', status, nullif(market, '')), model, created_at from (
            select * from rollouts order by created_at desc limit ${newestOthers}) newest
          where concat_ws(' ', id, model, version, status, market, 'rollout') ilike all(${like}::text[])
          order by created_at desc limit ${limit})
        union all
        (select 'decision', id, concat_ws(' ', model, verdict), summary, model, at from (
            select * from decisions order by at desc limit ${newestOthers}) newest
          where concat_ws(' ', id, model, verdict, summary) ilike all(${like}::text[]) order by at desc limit ${limit})
        union all
        (select 'alert', id, text->>'title', concat_ws(', ', severity, state), pipeline, fired_at from (
            select * from alerts order by fired_at desc limit ${newestOthers}) newest
          where concat_ws(' ', id, definition, text->>'title', severity, state) ilike all(${like}::text[])
          order by fired_at desc limit ${limit})
        union all
        (select 'backfill', id, concat_ws(' ', pipeline, "from"::text, 'to', "to"::text), 'backfill ' || status, pipeline, created_at from (
            select * from backfills order by created_at desc limit ${newestOthers}) newest
          where concat_ws(' ', id, pipeline, "from"::text, "to"::text, array_to_string(keys, ' '), 'backfill', status) ilike all(${like}::text[])
          order by created_at desc limit ${limit})
        union all
        (select 'document', id, name, concat_ws(' ', source, 'to', target), null, created_at from (
            select * from documents where ${owner}::text is null or owner = ${owner} order by created_at desc limit ${newestOthers}) newest
          where concat_ws(' ', id, name) ilike all(${like}::text[]) order by created_at desc limit ${limit})
        union all
        (select kind, id, coalesce(title, id), detail, pipeline, at from (
            select 'deadline' as kind, id, null as title, concat_ws(' ', 'by', definition->>'by', definition->>'key') as detail, pipeline, created_at as at
              from deadlines
            union all select 'rule', id, definition->>'title', case when enabled then 'rule' else 'rule, disabled' end, pipeline, updated_at from rules
            union all select 'alert-definition', id, definition->>'title', 'alert ' || (definition->>'severity'), null, updated_at
              from alert_definitions
            union all select 'policy', p.id, v.definition->>'title', 'retraining policy of ' || (v.definition->>'model'), v.definition->>'pipeline', v.at
              from retraining_policies p join retraining_policy_versions v on v.policy = p.id and v.version = p.version
            union all select kind, id, name, concat_ws(' ', source, 'to', target, nullif(domain, '')), null, updated_at from language_resources
          ) definitions
          where concat_ws(' ', id, title, detail, pipeline) ilike all(${like}::text[]) order by kind, id limit ${limit * 2})`);
      return rows.map(({ at, ...row }): FoundThing => ({ ...row, at: iso(at) }));
    },
  };
}
