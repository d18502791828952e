import type { FilledPolicy } from '../../../contracts/policies.ts';
import type { StoredTraining, TrainingHistory } from '../../ports/retraining.ts';
import { dayMs, dayNumber } from '../days.ts';
import type { StoredPast } from './backtest.ts';
import { loadObservations, type ObservationDeps } from './observe.ts';

/** Trainings of the past that are looked at. */
const mostTrainings = 2000;
/** Data that end so long before a training are data of a replayed past: then it counts as made at their end. */
export const replayedDays = 31;

/** What is stored of a stretch of days, as {@link backtestPolicy} takes it. @param span `to` exclusive. */
export async function loadPast(
  deps: ObservationDeps & { readonly trainings: TrainingHistory },
  of: { readonly definition: FilledPolicy; readonly model: string; readonly scope: string },
  span: { readonly from: string; readonly to: string },
): Promise<StoredPast> {
  const [observations, trainings, verdicts] = await Promise.all([
    loadObservations(deps, of, span),
    deps.trainings.trainings(of.model, { limit: mostTrainings }),
    deps.trainings.verdicts(of.definition.id, of.model, span.from, span.to),
  ]);
  const placed = trainings.map(inItsTime).sort((a, b) => (a.at < b.at ? -1 : 1));
  return { observations, trainings: placed, verdicts };
}

/** A training of a replayed past, moved to where its data end. */
export function inItsTime(training: StoredTraining): StoredTraining {
  const { at, endedAt, promotedAt, dataEnd } = training;
  if (dataEnd === null) return training;
  const late = dayNumber(at) - dayNumber(dataEnd);
  if (Math.abs(late) <= replayedDays) return training;
  const moved = (time: string): string => new Date(Date.parse(time) - late * dayMs).toISOString();
  return {
    ...training,
    at: moved(at),
    endedAt: endedAt && moved(endedAt),
    promotedAt: promotedAt && moved(promotedAt),
  };
}
