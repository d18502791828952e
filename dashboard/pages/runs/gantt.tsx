import { ChevronDown, ChevronRight } from 'lucide-react';
import { type ReactElement, useMemo, useRef, useState } from 'react';
import type { RunDetail } from '../../../contracts/runs.ts';
import { count, plural } from '../../format/number.ts';
import { clockSeconds, duration } from '../../format/time.ts';
import { useListKeys } from '../../ui/list-keys.ts';
import { lookOf, Status } from '../../ui/status.tsx';
import styles from './gantt.module.css';
import { isEnded, itemRows, type Timeline, type TimelineRow, ticksOf } from './timeline.ts';

/** Items drawn under a step that is unfolded; all are in the step's panel. */
const mostItems = 50;
const [mostTicks, mostBesidePanel] = [6, 3];

export interface GanttProps {
  readonly run: RunDetail;
  readonly timeline: Timeline;
  readonly now: number;
  readonly selected: { readonly step: string | undefined; readonly item: string | undefined };
  readonly onSelect: (stepId: string, mapKey?: string) => void;
}

/** The steps of a run, in the order of its plan, as a list over time: waiting outlined, working solid, one bar an attempt. */
export function Gantt({ run, timeline, now, selected, onSelect }: GanttProps): ReactElement {
  const frame = useRef<HTMLElement>(null);
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const rows = useMemo(
    () =>
      timeline.rows.flatMap((row) =>
        open.has(row.step.stepId) ? [row, ...itemRows(run, row.step.stepId, now, mostItems)] : [row],
      ),
    [timeline, run, now, open],
  );
  useListKeys(frame, {
    open: (index) => {
      const row = rows[index];
      if (row) onSelect(row.step.stepId, row.step.mapKey || undefined);
    },
  });
  const toggle = (stepId: string): void =>
    setOpen((before) => {
      const next = new Set(before);
      if (!next.delete(stepId)) next.add(stepId);
      return next;
    });
  // Room on the right, so that the line of the present can be seen.
  const span = (timeline.to - timeline.from) * (run.finishedAt === null ? 1.03 : 1);
  const place = (from: number, to: number) => ({
    left: `${((from - timeline.from) / span) * 100}%`,
    width: `${((to - from) / span) * 100}%`,
  });
  const ticks = ticksOf(span, selected.step ? mostBesidePanel : mostTicks);
  const begun = run.startedAt === null ? now : Date.parse(run.startedAt);
  return (
    <section ref={frame} className={styles.frame} aria-label="Steps over time" data-list>
      <div className={styles.axis} aria-hidden>
        <span>Step</span>
        <span className="num">Worked</span>
        <span className={styles.ticks}>
          {/* Near the end there is no room for a word. */}
          {ticks
            .filter((ms) => ms / span < 0.93)
            .map((ms) => (
              <span key={ms} style={{ left: `${(ms / span) * 100}%` }} title={clockSeconds(timeline.from + ms)}>
                {ms === 0 ? clockSeconds(timeline.from) : `+${duration(ms)}`}
              </span>
            ))}
        </span>
      </div>
      {begun - timeline.from >= 1000 ? (
        <div className={styles.row} data-queue>
          <span className={styles.queue}>in the queue</span>
          <span className={styles.took}>{duration(begun - timeline.from)}</span>
          <div className={styles.track} aria-hidden>
            <span className={styles.wait} style={place(timeline.from, begun)} />
          </div>
        </div>
      ) : null}
      <ol className={styles.rows}>
        {rows.map((row, index) => {
          const { step, bars, workedMs, items } = row;
          const isItem = step.mapKey !== '';
          const isSelected = step.stepId === selected.step && step.mapKey === (selected.item ?? '');
          const isOpen = open.has(step.stepId);
          const last = bars.at(-1);
          const isLate = last !== undefined && (last.from + last.to) / 2 - timeline.from > span / 2;
          return (
            <li
              key={`${step.stepId}/${step.mapKey}`}
              data-row={index}
              className={styles.row}
              data-selected={isSelected || undefined}
              data-item={isItem || undefined}
            >
              <span className={styles.name}>
                {items && !isItem ? (
                  <button
                    type="button"
                    className={styles.fold}
                    aria-expanded={isOpen}
                    aria-label={`Items of ${step.stepId}`}
                    onClick={() => toggle(step.stepId)}
                  >
                    {isOpen ? <ChevronDown size={14} aria-hidden /> : <ChevronRight size={14} aria-hidden />}
                  </button>
                ) : (
                  <span className={styles.fold} />
                )}
                <button
                  type="button"
                  className={styles.step}
                  aria-current={isSelected || undefined}
                  onClick={() => onSelect(step.stepId, step.mapKey || undefined)}
                >
                  <Status status={step.status} bare />
                  <span data-critical={row.isCritical || undefined}>{step.mapKey || step.stepId}</span>
                  {items ? (
                    <span className="muted">
                      {items.done} of {items.total}
                    </span>
                  ) : null}
                  <span className="hidden">{figures(row)}</span>
                </button>
              </span>
              <span className={styles.took}>{workedMs > 0 ? duration(workedMs) : '–'}</span>
              {/* biome-ignore lint/a11y: what the pointer does here the button beside does for all */}
              <div className={styles.track} onClick={() => onSelect(step.stepId, step.mapKey || undefined)}>
                {ticks.map((ms) => (
                  <span key={ms} className={styles.grid} style={{ left: `${(ms / span) * 100}%` }} />
                ))}
                {bars.map((bar) => (
                  <span
                    key={`${bar.kind} ${bar.from} ${bar.attempt}`}
                    className={bar.kind === 'wait' ? styles.wait : styles.work}
                    data-tone={lookOf(bar.status).tone}
                    style={place(bar.from, bar.to)}
                  />
                ))}
                {run.finishedAt === null ? (
                  <span className={styles.now} style={{ left: `${((now - timeline.from) / span) * 100}%` }} />
                ) : null}
                {step.status === 'skipped' || step.cachedFrom ? (
                  <span className={styles.note}>{step.cachedFrom ? 'from the cache' : 'skipped'}</span>
                ) : null}
                <span className={styles.figures} data-side={isLate ? 'left' : 'right'} aria-hidden>
                  {figures(row)}
                </span>
              </div>
            </li>
          );
        })}
      </ol>
      <p className={styles.legend}>
        <span className={styles.wait} /> waits
        <span className={styles.work} data-tone="ok" /> works
        <span className={styles.work} data-tone="failed" /> attempt failed
        <strong>Bold</strong> critical path
      </p>
    </section>
  );
}

/** What a row shows, in words. */
function figures({ step, workedMs, waitedMs, items, isCritical }: TimelineRow): string {
  const attempts = step.attempts.length;
  const parts = [
    lookOf(step.status).word,
    workedMs > 0 && `worked ${duration(workedMs)}`,
    waitedMs >= 1000 && `waited ${duration(waitedMs)}`,
    attempts > 1 && plural(attempts, 'attempt'),
    items && `${count(items.done)} of ${count(items.total)} items${items.failed > 0 ? `, ${items.failed} failed` : ''}`,
    step.progress &&
      !isEnded(step) &&
      !items &&
      step.progress.total > 0 &&
      `${count(step.progress.done)} of ${count(step.progress.total)} ${step.progress.unit}`,
    step.cachedFrom && 'output from the cache',
    step.status === 'skipped' && step.reason,
    isCritical && 'on the critical path',
  ];
  return parts.filter(Boolean).join(', ');
}
