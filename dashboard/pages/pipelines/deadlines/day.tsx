import type { ReactElement } from 'react';
import type { DeadlineDay, DeadlineShown } from '../../../../contracts/deadlines.ts';
import { links } from '../../../app/links.ts';
import { list } from '../../../format/number.ts';
import { duration, exact } from '../../../format/time.ts';
import { Facts } from '../../../ui/facts.tsx';
import { Go } from '../../../ui/go.tsx';
import { Section } from '../../../ui/page.tsx';
import { Mark, Status } from '../../../ui/status.tsx';
import { Elapsed } from '../../../ui/time.tsx';
import { useRun } from '../../runs/queries.ts';
import { zoneTime } from '../parts/starts.tsx';
import { dayLook, sentenceOf } from '../words/deadlines.ts';

/** A day of a deadline: how it went, and the run that did it or that it waits for. */
export function Day({ deadline, day }: { readonly deadline: DeadlineShown; readonly day: DeadlineDay }): ReactElement {
  const { zone } = deadline.definition;
  const { status, dueAt, expectedAt, warnedAt, missedAt, metAt, lateSeconds, reason, runId } = day;
  const at = (time: string | null) => (time === null ? null : <span title={exact(time)}>{zoneTime(time, zone)}</span>);
  const isOver = status === 'met';
  return (
    <Section title={day.day} aside={<Mark {...dayLook(day)} />}>
      <p>{sentenceOf(reason)}</p>
      <Facts
        facts={[
          ['Due', at(dueAt)],
          [isOver ? 'Was expected' : 'Expected', at(expectedAt)],
          ['Warned', at(warnedAt)],
          ['Missed', at(missedAt)],
          ['Met', at(metAt)],
          ['Late by', lateSeconds ? duration(lateSeconds * 1_000) : null],
          [
            isOver ? 'Done by' : 'Waits for',
            runId === null ? <NoRun key="run" deadline={deadline} day={day} /> : <RunOfDay key="run" id={runId} />,
          ],
        ]}
      />
    </Section>
  );
}

function NoRun({ deadline, day }: { readonly deadline: DeadlineShown; readonly day: DeadlineDay }): ReactElement {
  const { pipeline, definition } = deadline;
  return (
    <>
      a run of <Go href={links.pipeline(pipeline)}>{pipeline}</Go>
      {definition.key === undefined ? '' : ` for ${definition.key}`}, which has not begun.{' '}
      <Go
        href={`${links.newBackfill(pipeline)}&from=${day.day}&to=${day.day}${definition.key ? `&keys=${encodeURIComponent(definition.key)}` : ''}`}
      >
        Make it
      </Go>
    </>
  );
}

/** A run with what it is doing: whom it waits for itself. */
function RunOfDay({ id }: { readonly id: string }): ReactElement {
  const { data } = useRun(id);
  if (!data) return <Go href={links.run(id)}>its run</Go>;
  const running = data.steps
    .filter(({ status, mapKey }) => status === 'running' && mapKey === '')
    .map(({ stepId }) => stepId);
  const [wait] = data.waits;
  return (
    <>
      <Go href={links.run(id)}>the run {data.partition ?? id.slice(0, 8)}</Go> <Status status={data.status} />{' '}
      <span className="muted">
        <Elapsed from={data.startedAt} to={data.finishedAt} />
        {running.length > 0 ? `, is at ${list(running)}` : ''}
        {wait
          ? `, is number ${wait.place} of those that wait for ${list(wait.limits.map(({ name }) => name)) || 'a worker'}`
          : ''}
        {data.error ? `: ${data.error.message}` : ''}
      </span>
    </>
  );
}
