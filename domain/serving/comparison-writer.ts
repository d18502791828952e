import type { Comparison } from '../../contracts/rollouts.ts';
import type { RolloutRepository } from '../ports/rollouts.ts';
import { BackgroundWriter, type BackgroundWriterOptions } from './background-writer.ts';

/** Keeps what rollouts compare, beside the requests. */
export function comparisonWriter(
  rollouts: Pick<RolloutRepository, 'addComparisons'>,
  onFailure: BackgroundWriterOptions<Comparison>['onFailure'],
  everyMs?: number,
): BackgroundWriter<Comparison> {
  return new BackgroundWriter({
    what: 'What was compared',
    write: (batch) => rollouts.addComparisons(batch),
    onFailure,
    ...(everyMs === undefined ? {} : { everyMs }),
  });
}
