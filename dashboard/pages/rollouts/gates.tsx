import type { ReactElement } from 'react';
import type { Gate, GateCourse, GateReading, RolloutRecord } from '../../../contracts/rollouts.ts';
import { TimeChart } from '../../charts/time-chart.tsx';
import { count } from '../../format/number.ts';
import { Facts } from '../../ui/facts.tsx';
import { Columns } from '../../ui/layout.tsx';
import { Section } from '../../ui/page.tsx';
import { Failure, Loading } from '../../ui/states.tsx';
import { Mark, type Tone } from '../../ui/status.tsx';
import { useGates } from './queries.ts';
import styles from './rollouts.module.css';
import {
  differenceTitle,
  differenceWords,
  gateTitle,
  measured,
  missingOf,
  missingWords,
  readingText,
  worseText,
} from './words.ts';

const states: Readonly<Record<GateReading['state'], readonly [Tone, string]>> = {
  fine: ['ok', 'Harm is ruled out'],
  open: ['running', 'Open'],
  worse: ['failed', 'Worse than tolerated'],
};

/** What each gate has seen in the step: both versions, the difference and its interval, the bounds, and the evidence so far. */
export function Gates({ rollout }: { readonly rollout: RolloutRecord }): ReactElement {
  const courses = useGates(rollout);
  const { data } = courses;
  return (
    <Section
      title={rollout.finishedAt === null ? 'Gates of this step' : 'Gates of the last step'}
      aside={
        data && data.pairs > 0 ? (
          <span>
            {count(data.pairs)}
            {data.more ? ' first' : ''} pairs of answers to the same requests
          </span>
        ) : undefined
      }
    >
      {courses.error ? <Failure error={courses.error} retry={() => void courses.refetch()} /> : null}
      {courses.isPending ? (
        <Loading lines={12} />
      ) : (
        <div className={styles.groups}>
          {withFiguresFirst(rollout).map((gates) =>
            gates.length === 0 ? null : (
              <Columns key={gates[0]?.name}>
                {gates.map((gate) => (
                  <GateCard
                    key={gate.name}
                    gate={gate}
                    rollout={rollout}
                    reading={rollout.readings.find((one) => one.gate === gate.name)}
                    course={data?.gates.find((one) => one.gate === gate.name)}
                  />
                ))}
              </Columns>
            ),
          )}
        </div>
      )}
    </Section>
  );
}

/** Gates that have compared something, and those that have not. */
function withFiguresFirst({ plan, readings }: RolloutRecord): [Gate[], Gate[]] {
  const hasFigures = ({ name }: Gate): boolean => (readings.find(({ gate }) => gate === name)?.count ?? 0) > 0;
  return [plan.gates.filter(hasFigures), plan.gates.filter((gate) => !hasFigures(gate))];
}

interface GateCardProps {
  readonly gate: Gate;
  readonly rollout: RolloutRecord;
  readonly reading: GateReading | undefined;
  readonly course: GateCourse | undefined;
}

function GateCard({ gate, rollout, reading, course }: GateCardProps): ReactElement {
  const [tone, word] = states[reading?.state ?? 'open'];
  const last = course?.points.at(-1);
  const role = gate.guardOnly ? 'can only take the candidate back' : gate.optional ? 'may pass without figures' : null;
  const missing = reading?.count ? missingOf(reading, rollout.plan) : null;
  const difference = reading?.difference ?? last?.difference ?? null;
  const said = (value: number | null): string => (value === null ? 'open' : differenceWords(gate, value));
  return (
    <article className={styles.gate} aria-label={gate.name}>
      <div className={styles.gateHead}>
        <h3>{gateTitle(gate.name)}</h3>
        <Mark tone={tone} word={word} />
      </div>
      {reading ? (
        <p className="muted">{readingText(reading)}</p>
      ) : (
        <p className="muted">Nothing has been compared yet.</p>
      )}
      <Facts
        facts={[
          [
            'Versions',
            course && course.candidate !== null
              ? `${measured(gate, course.base)} in version ${rollout.base}, ${measured(gate, course.candidate)} in version ${rollout.version}`
              : undefined,
          ],
          ['Difference', difference === null ? null : differenceWords(gate, difference)],
          ['Interval', last ? `${said(last.low)} to ${said(last.high)}` : undefined],
          [
            'Bounds',
            `tolerated ${differenceWords(gate, gate.tolerated)}, harmful ${differenceWords(gate, gate.harmful)}`,
          ],
          ['Pairs', reading?.count ? count(reading.count) : undefined],
          ['Role', role],
        ]}
      />
      {missing ? (
        <div>
          <meter
            className={styles.meter}
            data-done={missing.share === 1 || undefined}
            aria-label={`Evidence of ${gate.name}`}
            value={missing.share}
          />
          <small className="muted">{missingWords(missing)}</small>
        </div>
      ) : null}
      {course && course.points.length > 1 ? (
        <TimeChart
          title={differenceTitle(gate)}
          height={160}
          times={course.points.map(({ at }) => Date.parse(at))}
          series={[{ label: 'difference', values: course.points.map(({ difference }) => difference) }]}
          band={{
            label: 'interval',
            low: course.points.map(({ low }) => low),
            high: course.points.map(({ high }) => high),
          }}
          thresholds={[
            { value: gate.tolerated, label: `tolerated ${worseText(gate, gate.tolerated)}`, tone: 'late' },
            { value: gate.harmful, label: `harmful ${worseText(gate, gate.harmful)}`, tone: 'failed' },
          ]}
          format={(value) => worseText(gate, value)}
        />
      ) : null}
    </article>
  );
}
