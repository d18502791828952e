import { useParams } from '@tanstack/react-router';
import { Pause, Play } from 'lucide-react';
import type { ReactElement } from 'react';
import { links } from '../../../app/links.ts';
import { useMay } from '../../../app/session.ts';
import { relative, useNow } from '../../../format/time.ts';
import { post } from '../../../http/client.ts';
import { Button } from '../../../ui/button.tsx';
import { Confirm } from '../../../ui/dialog.tsx';
import { Facts } from '../../../ui/facts.tsx';
import { Go } from '../../../ui/go.tsx';
import { Page, Section } from '../../../ui/page.tsx';
import { Prose } from '../../../ui/prose.tsx';
import { RunStrip } from '../../../ui/run-strip.tsx';
import { Time } from '../../../ui/time.tsx';
import { useAction } from '../../../ui/use-action.ts';
import { ChangeAndRemove } from '../parts/change-and-remove.tsx';
import { CodeChanges } from '../parts/code-changes.tsx';
import { DefinitionPage } from '../parts/definition-page.tsx';
import { pathOf } from '../parts/kinds.ts';
import { RunRows } from '../parts/run-rows.tsx';
import { Starts } from '../parts/starts.tsx';
import { type ScheduleShown, useSchedule } from '../queries.ts';
import { durationWords } from '../words/durations.ts';
import { paramsLine } from '../words/params.ts';
import { overlapWords, startWords } from '../words/schedules.ts';
import { ScheduleForm } from './form.tsx';
import styles from './schedule.module.css';

/** A schedule: when it starts, what it started, and what it could not. */
export default function Schedule(): ReactElement {
  const { id = '' } = useParams({ strict: false });
  const query = useSchedule(id);
  const now = useNow();
  return (
    <DefinitionPage
      kind="schedules"
      id={id}
      query={query}
      changing="Runs under way go on; the next start follows the new times."
      form={({ definition }) => <ScheduleForm initial={definition} id={id} />}
    >
      {(schedule, crumbs) => (
        <Page title={id} crumbs={crumbs} answer={answerOf(schedule, now)} actions={<Actions schedule={schedule} />}>
          <Body schedule={schedule} />
        </Page>
      )}
    </DefinitionPage>
  );
}

function answerOf({ paused, note, next, definition, faults }: ScheduleShown, now: number): string {
  const starts = startWords(definition);
  const fault = faults[0] ? ` ${faultWords(faults.length)}` : '';
  if (paused) return `Paused${note === '' ? '' : `: ${note.replace(/\.$/, '')}`}. It would start ${starts}.${fault}`;
  const soon = next[0] ? `; next ${relative(next[0], now)}` : ', but never again';
  return `Starts ${starts}${soon}.${fault}`;
}

const faultWords = (count: number): string => (count === 1 ? 'One start made no run.' : `${count} starts made no run.`);

function Body({ schedule }: { readonly schedule: ScheduleShown }): ReactElement {
  const { definition, paused, next, recent, faults, counts } = schedule;
  const { timeZone = 'UTC', overlap = 'skip', catchUpWindow = '1h', jitter, priority = 3, params = {} } = definition;
  return (
    <>
      <div className={styles.columns}>
        <Section title={paused ? 'It would start' : 'Next starts'} aside={timeZone}>
          <div className={styles.starts}>
            <Starts at={next} zone={timeZone} />
          </div>
        </Section>
        <Section title="How it starts">
          <Facts
            facts={[
              ['Starts', startWords(definition)],
              ['When a run of before is under way', overlapWords[overlap]],
              ['After an outage', `starts of the last ${durationWords(catchUpWindow)} are made up`],
              ['Late by chance', jitter ? `up to ${durationWords(jitter)}` : null],
              ['Priority', priority === 3 ? null : String(priority)],
              ['Parameters', paramsLine(params as never) || 'all as the pipeline has them'],
              ['Not before', definition.startAt ? <Time key="from" at={definition.startAt} /> : null],
              ['Not after', definition.endAt ? <Time key="to" at={definition.endAt} /> : null],
              [
                'So far',
                `${counts.started} started, ${counts.skipped} left out because one was under way, ${counts.missed} missed`,
              ],
              [
                'Stands in',
                schedule.origin === 'code' ? (
                  <>the code of {schedule.pipeline}: change it there</>
                ) : (
                  'this installation: made by a person or a program'
                ),
              ],
              ['Note', paused ? null : schedule.note || null],
            ]}
          />
        </Section>
      </div>
      <CodeChanges kind="schedules" id={schedule.id} />
      <Section title="Recent runs" aside={<RunStrip runs={recent} />}>
        <RunRows
          runs={recent}
          sameTrigger
          empty={`Nothing has run yet${paused ? ': the schedule is paused' : ''}. “Start now” starts a run at once.`}
        />
      </Section>
      {faults.length > 0 ? (
        <Section title="Starts that made no run">
          <ul className={styles.faults}>
            {faults.map(({ scheduledAt, error }) => (
              <li key={scheduledAt}>
                <Time at={scheduledAt} /> <strong>{error.message}</strong>{' '}
                {error.remedy ? (
                  <span className="muted">
                    <Prose text={error.remedy} />
                  </span>
                ) : null}
              </li>
            ))}
          </ul>
        </Section>
      ) : null}
    </>
  );
}

function Actions({ schedule }: { readonly schedule: ScheduleShown }): ReactElement | null {
  const may = useMay('operator');
  const { id, pipeline, paused, origin, running, note } = schedule;
  const path = pathOf('schedules', id);
  const topics = ['schedules', 'runs'];
  const trigger = useAction((body: object) => post(`${path}/trigger`, body), {
    topics,
    done: `A run of ${pipeline} is on its way.`,
  });
  const pause = useAction((note: string) => post(`${path}/pause`, { note }), {
    ...{ topics, done: `${id} is paused.`, undo: () => post(`${path}/resume`, {}) },
  });
  const resume = useAction(() => post(`${path}/resume`, {}), {
    ...{ topics, done: `${id} goes on.`, undo: () => post(`${path}/pause`, { note: note || 'paused again' }) },
  });
  if (!may) return null;
  return (
    <>
      <Confirm
        title={`Start a run of ${pipeline} now?`}
        consequence={
          running[0] ? (
            <>
              <Go href={links.run(running[0])}>A run of this schedule</Go> is under way; the new one begins beside it,
              as if it were due now.
            </>
          ) : (
            'It has the parameters that a start at this moment would have. Later starts stay as they are.'
          )
        }
        action="Start now"
        onConfirm={() => trigger.mutateAsync(running[0] ? { overlap: 'allow-all' } : {})}
      >
        <Button icon={Play}>Start now</Button>
      </Confirm>
      {paused ? (
        <Button icon={Play} kind="primary" busy={resume.isPending} onClick={() => resume.mutate(undefined)}>
          Resume
        </Button>
      ) : (
        <Confirm
          title={`Pause ${id}?`}
          consequence={`Nothing of ${pipeline} starts by it until somebody resumes it; runs under way go on.`}
          action="Pause"
          reason="needed"
          onConfirm={(reason) => pause.mutateAsync(reason)}
        >
          <Button icon={Pause}>Pause</Button>
        </Confirm>
      )}
      {origin === 'api' ? (
        <ChangeAndRemove
          kind="schedules"
          id={id}
          consequence={`Nothing of ${pipeline} starts by it any more. Its runs stay. This cannot be undone, but it can be made again.`}
        />
      ) : null}
    </>
  );
}
