import { eventTypes, type RolloutChangedData, rolloutEvents } from '../../contracts/events.ts';
import { traceparentName } from '../../contracts/tracing.ts';
import { activeTraceparent } from '../../telemetry/tracing.ts';
import { type Executor, json } from './client.ts';
import { eventChannel } from './event-rows.ts';

/** The extensions of events of ours: where their trace goes on. */
function extensions(): string | null {
  const traceparent = activeTraceparent();
  return traceparent === undefined ? null : json({ [traceparentName]: traceparent });
}

/**
 * Adds the event that a run has ended, within the transaction that ends it. A run that goes on after a retry may end
 * again: the event's id holds the execution.
 */
export async function addRunEnded(db: Executor, runId: string): Promise<void> {
  await db.$queryRaw`
    with ended as (
      insert into events (source, id, type, subject, time, datacontenttype, extensions, data)
      select '/pipelines/' || r.pipeline, r.id || '/' || r.execution, 'run.' || r.status, r.id, now(), 'application/json',
        ${extensions()}::jsonb, jsonb_build_object(
          'runId', r.id, 'pipeline', r.pipeline, 'partition', r.partition, 'params', r.params, 'status', r.status,
          'trigger', r.trigger,
          'seconds', round(extract(epoch from now() - coalesce(r.started_at, r.created_at)), 3),
          'metrics', coalesce((
            select jsonb_object_agg(s.step_id || case s.map_key when '' then '' else '[' || s.map_key || ']' end || '.' || m.key, m.value)
            from step_runs s, jsonb_each(s.metrics) m where s.run_id = r.id), '{}'))
      from runs r where r.id = ${runId}
      on conflict (source, id) do nothing returning 1
    )
    select pg_notify(${eventChannel}, '')::text from ended`;
}

/** Adds the event that an alias of a model points at another version, within the transaction that moves it. */
export async function addModelPromoted(
  db: Executor,
  {
    changeId,
    ...data
  }: {
    readonly changeId: bigint;
    readonly model: string;
    readonly alias: string;
    readonly version: number;
    readonly before: number | null;
    readonly by: string;
    readonly reason: string;
  },
): Promise<void> {
  await addEvent(db, {
    source: `/models/${data.model}`,
    id: `${data.alias}/${changeId}`,
    type: eventTypes.modelPromoted,
    subject: data.alias,
    data,
  });
}

/** Adds the event that something has happened in a rollout, within the transaction that does it. */
export async function addRolloutChanged(
  db: Executor,
  { eventId, type, ...data }: { readonly eventId: bigint; readonly type: string } & RolloutChangedData,
): Promise<void> {
  const { rollout } = data;
  await addEvent(db, {
    source: `/models/${data.model}`,
    id: `rollout/${eventId}`,
    type: `${rolloutEvents}${type}`,
    subject: rollout,
    data,
  });
}

interface InnerEvent {
  readonly source: string;
  readonly id: string;
  readonly type: string;
  readonly subject: string;
  readonly data: object;
}

async function addEvent(db: Executor, { source, id, type, subject, data }: InnerEvent): Promise<void> {
  await db.$queryRaw`
    with added as (
      insert into events (source, id, type, subject, time, datacontenttype, extensions, data)
      values (${source}, ${id}, ${type}, ${subject}, now(), 'application/json', ${extensions()}::jsonb, ${json(data)}::jsonb)
      on conflict (source, id) do nothing returning 1
    )
    select pg_notify(${eventChannel}, '')::text from added`;
}
