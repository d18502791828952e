import type { AlertDefinition } from '../../../contracts/alerts.ts';
import type { Found } from '../found.ts';
import { fits } from '../match.ts';
import { lookAtDeadlines } from './deadlines.ts';
import { lookAtEvents } from './events.ts';
import type { Looks, Sight } from './look.ts';
import { lookAtMetrics } from './metrics.ts';
import { lookAtQueues } from './queues.ts';
import { lookAtRuns, msOf } from './runs.ts';
import { lookAtSeries } from './series.ts';
import { lookAtWorkers } from './workers.ts';

export type { Sight } from './look.ts';
export { msOf } from './runs.ts';

const looks: Looks = {
  ...lookAtRuns,
  ...lookAtDeadlines,
  ...lookAtWorkers,
  ...lookAtQueues,
  ...lookAtMetrics,
  ...lookAtSeries,
  ...lookAtEvents,
};

/** Everything that fulfils a definition's condition now, for as long as it says, in its pipelines and markets. */
export async function look(definition: AlertDefinition, sight: Sight): Promise<Found[]> {
  const { when, pipelines, markets, for: length = '0s' } = definition;
  // Each kind's look takes its own condition: the type of the pair is lost in a look-up.
  const found = await (looks[when.kind] as (condition: typeof when, sight: Sight) => Promise<Found[]>)(when, sight);
  const before = sight.now.getTime() - msOf(length);
  return found.filter(
    ({ pipeline, market, since }) => fits(pipelines, pipeline) && fits(markets, market) && Date.parse(since) <= before,
  );
}
