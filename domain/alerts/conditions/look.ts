import type { AlertCondition, AlertKind } from '../../../contracts/alerts.ts';
import type { AlertFacts } from '../../ports/alert-facts.ts';
import type { DeadlineRepository } from '../../ports/deadlines.ts';
import type { EventHistory } from '../../ports/events.ts';
import type { WorkerRegistry } from '../../ports/workers.ts';
import type { Found } from '../found.ts';

/** What conditions look at. */
export interface Sight {
  readonly facts: AlertFacts;
  readonly deadlines: Pick<DeadlineRepository, 'list' | 'recentDays' | 'durations'>;
  readonly workers: Pick<WorkerRegistry, 'list'>;
  readonly events: Pick<EventHistory, 'list'>;
  readonly now: Date;
}

/** How each kind of condition looks: everything that fulfils it now. */
export type Looks = {
  readonly [Kind in AlertKind]: (when: Extract<AlertCondition, { kind: Kind }>, sight: Sight) => Promise<Found[]>;
};
