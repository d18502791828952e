import type { FeedbackRecord } from '../../contracts/feedback.ts';
import { feedbackWaitHours } from '../../contracts/feedback.ts';
import { breathe } from '../nlp/breathe.ts';
import { createFeedbackService } from '../nlp/language-data/index.ts';
import { chrf } from '../nlp/metrics/index.ts';
import type { Clock } from '../ports/clock.ts';
import type { EventPublisher } from '../ports/events.ts';
import type { FeedbackRepository, FeedbackScope, JoinedFeedback } from '../ports/feedback.ts';
import type { LanguageResourceRepository } from '../ports/language-resources.ts';
import { type FeedbackStatus, newFeedback, type SentCorrection, statusOf } from './correction.ts';
import { enterAll } from './enter.ts';
import { qualityOf } from './quality.ts';

export interface FeedbackDeps {
  readonly feedback: FeedbackRepository;
  readonly memories: LanguageResourceRepository;
  readonly events: Pick<EventPublisher, 'publish'>;
  readonly clock: Clock;
}

export type ReceivedFeedback = FeedbackRecord & { readonly status: FeedbackStatus };

export interface Corrections {
  /**
   * A correction as it is kept, and checked. VALIDATION_FAILED naming the field, NOT_FOUND for a memory that is not there.
   */
  check(sent: SentCorrection, by: string): ReturnType<typeof newFeedback>;
  /**
   * Keeps corrections, joins them to their answers as far as these are logged, and enters them into their memories as far as languages and
   * sources are known. In their order; the same sent again changes nothing.
   */
  receive(checked: readonly Awaited<ReturnType<typeof newFeedback>>[]): Promise<ReceivedFeedback[]>;
  /** Does what could not be done when corrections came: joins, enters, and makes labels of those of rollouts. */
  settle(): Promise<void>;
}

/** Corrections looked at by one statement. */
const atATime = 500;
/** Statements of a round; the next one goes on. */
const mostRounds = 40;

/** Corrections of translations: joined to the answers that caused them, entered into memories, evidence of rollouts. */
export function createCorrections(deps: FeedbackDeps): Corrections {
  const { feedback, clock } = deps;
  const service = createFeedbackService(deps);

  const join = async (scope: FeedbackScope): Promise<number> => {
    const found = await feedback.joinable(scope);
    const joined: JoinedFeedback[] = [];
    for (const one of found) {
      joined.push({ ...one, quality: qualityOf(one.prediction.answer, one.feedback.correction) });
      // A text of thousands of words takes a while, and others wait for this process.
      await breathe(undefined);
    }
    if (joined.length > 0) await feedback.saveJoined(joined, clock.now());
    return found.length;
  };
  const enter = async (scope: FeedbackScope): Promise<number> => {
    const found = await feedback.enterable(scope);
    await enterAll({ ...deps, service }, found);
    return found.length;
  };
  const label = async (): Promise<number> => {
    const found = await feedback.labelable(atATime);
    for (const { feedback: id, correction, base, candidate } of found)
      await feedback.saveLabel(
        id,
        { base: chrf([base], [correction]) / 100, candidate: chrf([candidate], [correction]) / 100 },
        clock.now(),
      );
    return found.length;
  };
  const inRounds = async (work: () => Promise<number>): Promise<void> => {
    for (let round = 0; round < mostRounds && (await work()) === atATime; round++);
  };

  return {
    check: (sent, by) => newFeedback(service, sent, by, clock.now()),

    async receive(checked) {
      if (checked.length === 0) return [];
      await feedback.receive(checked);
      const ids = [...new Set(checked.map(({ id }) => id))];
      await join({ ids });
      await enter({ ids });
      const kept = new Map((await feedback.get(ids)).map((record) => [record.id, record]));
      return checked.map(({ id }) => {
        const record = kept.get(id) as FeedbackRecord;
        return { ...record, status: statusOf(record, clock.now(), feedbackWaitHours) };
      });
    },

    async settle() {
      const scope = { since: new Date(clock.now().getTime() - feedbackWaitHours * 3_600_000), limit: atATime };
      await inRounds(() => join(scope));
      await inRounds(() => enter(scope));
      await inRounds(label);
    },
  };
}
