import { MultiBar, type SingleBar } from 'cli-progress';
import type { Json } from '../contracts/json.ts';

import type { Waiting } from '../contracts/runs.ts';
import type { ApiClient } from './client.ts';
import { duration, type Terminal } from './terminal.ts';
import { waitText } from './waits.ts';

/** Between two lines about the same step when nobody watches. */
const lineMs = 10_000;

interface StepLine {
  readonly from: number;
  bar?: SingleBar;
  printed: number;
  /** Where the present unit began: rate and time left are those of the phase, not of the whole step. */
  phase?: { readonly unit: Json; readonly from: number; readonly done: number };
}

/** Follows a run to its end: a bar per running step in a terminal, a line now and then elsewhere. */
export async function watchRun(
  api: ApiClient,
  runId: string,
  titles: ReadonlyMap<string, string>,
  terminal: Terminal,
  signal?: AbortSignal,
): Promise<void> {
  const bars = terminal.interactive
    ? new MultiBar({
        format: '  {title} {bar} {percentage}% · {value}/{total} {unit} · {rate} · {left}',
        hideCursor: true,
        clearOnComplete: true,
        barsize: 24,
        barCompleteChar: '━',
        barIncompleteChar: ' ',
        linewrap: false,
      })
    : null;
  const running = new Map<string, StepLine>();
  /** What steps under way have said, shown below their line when they end. */
  const notes = new Map<string, string[]>();
  const width = Math.max(...[...titles.values()].map((t) => t.length), 10);
  const titleOf = (stepId: string): string => (titles.get(stepId) ?? stepId).padEnd(width);
  const say = (line: string): void => {
    if (bars) bars.log(`${line}\n`);
    else if (!terminal.json) terminal.note(line);
  };

  const onStep = ({ stepId, mapKey, status, reason, error, attempt }: Record<string, Json>, at: number): void => {
    // Items of a fan-out are told by the progress of their step.
    if (mapKey !== '') {
      if (status === 'failed') say(`  ${titleOf(String(stepId))} ${mapKey}: ${messageOf(error)}`);
      return;
    }
    const id = String(stepId);
    if (status === 'running') {
      if (error) say(`  ${titleOf(id)} attempt ${attempt} failed: ${messageOf(error)}`);
      if (!running.has(id)) running.set(id, { from: at, printed: at });
      return;
    }
    const line = running.get(id);
    if (line?.bar) bars?.remove(line.bar);
    running.delete(id);
    const took = line ? duration(at - line.from) : '';
    const mark = status === 'succeeded' ? '✓' : status === 'skipped' ? '–' : '✗';
    // A condition that was false is no news; a need that failed is.
    const why = String(reason ?? '').startsWith('its condition') ? '' : `: ${reason}`;
    const note = status === 'skipped' ? `skipped${why}` : error ? messageOf(error) : took;
    say(`${mark} ${titleOf(id)} ${note}`);
    for (const told of notes.get(id) ?? []) say(`    ${told}`);
    notes.delete(id);
  };

  const onRun = ({ status, waitsFor, place, pause }: Record<string, Json>): void => {
    if (waitsFor)
      say(`  ${waitText({ step: null, limits: waitsFor as unknown as Waiting['limits'], place: Number(place) })}`);
    if (status === 'paused') say(`  paused: ${(pause as { reason?: string } | null)?.reason ?? ''}`);
  };

  const onProgress = (stepId: string, { done, total, unit }: Record<string, Json>, at: number): void => {
    const line = running.get(stepId);
    if (!line || !total) return;
    if (!line.phase || line.phase.unit !== unit) line.phase = { unit: unit ?? '', from: at, done: Number(done) };
    const seconds = (at - line.phase.from) / 1000;
    const rate = seconds > 0 ? (Number(done) - line.phase.done) / seconds : 0;
    const left = rate > 0 ? duration(((Number(total) - Number(done)) / rate) * 1000) : '?';
    const payload = { title: titleOf(stepId), unit, rate: `${rate < 10 ? rate.toFixed(1) : Math.round(rate)}/s`, left };
    if (bars) {
      line.bar ??= bars.create(Number(total), 0, payload);
      line.bar.setTotal(Number(total));
      line.bar.update(Number(done), payload);
    } else if (at - line.printed >= lineMs) {
      line.printed = at;
      say(`  ${titleOf(stepId)} ${done}/${total} ${unit} · ${payload.rate} · ${left} left`);
    }
  };

  const fanOuts = new Map<string, { total: number; done: number }>();
  const onItem = ({ stepId, mapKey, status, progress }: Record<string, Json>, at: number): void => {
    const id = String(stepId);
    if (mapKey === '' && progress) fanOuts.set(id, { total: Number((progress as { total: number }).total), done: 0 });
    const fan = fanOuts.get(id);
    if (mapKey === '' || !fan || status === 'running') return;
    fan.done += 1;
    onProgress(id, { ...fan, unit: 'items' }, at);
  };

  try {
    for await (const { type, data } of api.events(runId, signal)) {
      const at = Date.parse(String(data['at']));
      if (type === 'run') onRun(data);
      if (type === 'step') {
        onItem(data, at);
        onStep(data, at);
      } else if (type === 'progress' && data['mapKey'] === '') onProgress(String(data['stepId']), data, at);
      else if (type === 'log') {
        for (const { level, message } of data['lines'] as { level: string; message: string }[])
          if (level === 'warn' || level === 'error') say(`  ! ${message}`);
          else if (level === 'info')
            notes.set(String(data['stepId']), [...(notes.get(String(data['stepId'])) ?? []), message]);
      }
    }
  } finally {
    bars?.stop();
  }
}

function messageOf(error: Json | undefined): string {
  return String((error as { message?: string } | null)?.message ?? '');
}
