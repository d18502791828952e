import { alertRound, applyAlerts } from '../domain/alerts/index.ts';
import type { AnyPipeline } from '../domain/dag/index.ts';
import { changeText } from '../domain/definitions/index.ts';
import { sendDigests } from '../domain/digest/index.ts';
import { createDelivery, createDispatcher } from '../domain/events/index.ts';
import { createMessageSender, messageAttempts } from '../domain/notifications/index.ts';
import type { Clock } from '../domain/ports/clock.ts';
import type { DeliveryQueue } from '../domain/ports/events.ts';
import type { Mailer, Poster } from '../domain/ports/senders.ts';
import type { Database } from '../storage/postgres/index.ts';
import { log } from '../telemetry/log.ts';
import { observedMessage } from './observed-messages.ts';
import { startSweep } from './sweep.ts';

export interface AlertingDeps
  extends Pick<
    Database,
    | 'alertDefinitions'
    | 'alertFacts'
    | 'alerts'
    | 'channels'
    | 'deadlines'
    | 'decisions'
    | 'digestFacts'
    | 'events'
    | 'kpis'
    | 'lock'
    | 'notifications'
    | 'workers'
  > {
  readonly pipelines: ReadonlyMap<string, AnyPipeline>;
  /** Closed with it. */
  readonly queue: DeliveryQueue;
  /** Null: no mail server is set. */
  readonly mailer: Mailer | null;
  readonly poster: Poster;
  readonly clock: Clock;
  /** Name of this process. */
  readonly by: string;
  /** Days for which alerts that are over and messages are kept. */
  readonly keepDays: number;
  /** Told what went wrong and is tried again. */
  readonly report: (message: string, error: unknown) => void;
}

/** Between two looks at the conditions. Detection, this and delivery together stay below a minute. */
const roundMs = 5_000;
/** Between two looks at which digests are due. */
const digestMs = 20_000;
const forgetMs = 3_600_000;
const dayMs = 86_400_000;
/** A process that is silent for so long is no longer listed. */
const silentMs = 7 * dayMs;
/** Messages sent at a time. */
const concurrency = 4;
const batch = 1_000;

/**
 * Looks at the conditions of alerts, sends messages and digests. The roles `events` and `api` both do, so that the death
 * of either is noticed by the other; any number may run side by side.
 */
export async function startAlerting(deps: AlertingDeps): Promise<{ stop(): Promise<void> }> {
  const { alerts, notifications, queue, clock, report, workers, keepDays } = deps;
  queue.consume(
    createDelivery({
      ledger: notifications,
      handlers: [createMessageSender(deps)],
      attempts: messageAttempts,
      around: observedMessage,
    }),
    concurrency,
  );
  const dispatcher = await createDispatcher({
    ledger: notifications,
    queue,
    report: (error) => report('messages could not be queued; trying again', error),
  });
  let isApplied = false;
  const round = async (): Promise<void> => {
    // What watches must not depend on another process that has begun.
    if (!isApplied) {
      const changes = await applyAlerts(deps);
      if (changes.length > 0) log().info({ changes: changes.map(changeText) }, 'alerts of the code applied');
      isApplied = true;
    }
    await alertRound({ ...deps, facts: deps.alertFacts });
  };
  const sweeps = [
    startSweep({
      everyMs: roundMs,
      work: round,
      failed: (error) => report('the conditions of alerts could not all be looked at; trying again', error),
    }),
    startSweep({
      everyMs: digestMs,
      work: () => sendDigests(deps),
      failed: (error) => report('the digests that are due could not be written; trying again', error),
    }),
    startSweep({
      everyMs: forgetMs,
      work: async () => {
        const before = new Date(clock.now().getTime() - keepDays * dayMs);
        while ((await alerts.forget(before, batch)) === batch);
        while ((await notifications.forget(before, batch)) === batch);
        await workers.forget(silentMs);
      },
      failed: (error) => report('old alerts could not be removed; trying again', error),
    }),
  ];
  return {
    async stop() {
      await Promise.all([dispatcher.stop(), ...sweeps.map((sweep) => sweep.stop())]);
      await queue.close();
    },
  };
}
