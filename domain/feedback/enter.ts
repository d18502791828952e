import { PerennialError } from '../../contracts/errors.ts';
import { eventTypes, type FeedbackReceivedData } from '../../contracts/events.ts';
import type { FeedbackRecord } from '../../contracts/feedback.ts';
import type { MemoryEntry } from '../../contracts/language-data.ts';
import type { FeedbackService } from '../nlp/language-data/index.ts';
import type { Clock } from '../ports/clock.ts';
import type { EventPublisher } from '../ports/events.ts';
import type { EnteredFeedback, FeedbackRepository } from '../ports/feedback.ts';

export interface EnterDeps {
  readonly feedback: FeedbackRepository;
  readonly service: FeedbackService;
  readonly events: Pick<EventPublisher, 'publish'>;
  readonly clock: Clock;
}

/** What no other attempt would change. */
const lasting: ReadonlySet<string> = new Set(['VALIDATION_FAILED', 'NOT_FOUND']);

/**
 * Enters corrections into their memories, those of a memory in one version, and tells it. One that no memory takes keeps the reason; what
 * fails for now, such as beside an import, is left for another time.
 */
export async function enterAll(deps: EnterDeps, corrections: readonly FeedbackRecord[]): Promise<void> {
  const groups = new Map<string, FeedbackRecord[]>();
  for (const one of corrections) {
    const key = JSON.stringify([one.memory, one.sourceLanguage, one.targetLanguage, one.by, one.detail.reason]);
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  for (const group of groups.values()) await enterGroup(deps, group);
}

async function enterGroup(deps: EnterDeps, group: readonly FeedbackRecord[]): Promise<void> {
  const { feedback, service, events } = deps;
  const [first] = group as readonly [FeedbackRecord, ...FeedbackRecord[]];
  const { by, detail } = first;
  try {
    const memory = await service.memoryOf(
      {
        memory: first.memory ?? undefined,
        sourceLanguage: first.sourceLanguage ?? undefined,
        targetLanguage: first.targetLanguage ?? undefined,
      },
      by,
    );
    const contents = group.map(({ source, correction, detail: { context, domain } }) => ({
      ...{ source: source ?? '', target: correction, context, domain },
    }));
    const entries = await service.enter(memory, contents, { by, reason: detail.reason });
    // Before it is marked as done: an event that is told twice is stored once.
    await events.publish(entries.map((entry) => receivedEvent(memory.id, entry, deps.clock.now())));
    await feedback.saveEntered(
      group.map(({ id, correction }, i) => ({
        id,
        correction,
        memory: memory.id,
        entry: (entries[i] as MemoryEntry).id,
      })),
    );
  } catch (error) {
    if (!(error instanceof PerennialError)) throw error;
    if (error.code === 'CONFLICT') return;
    if (!lasting.has(error.code)) throw error;
    if (group.length === 1) {
      const { id, correction } = first;
      await feedback.saveEntered([{ id, correction, fault: error.message } satisfies EnteredFeedback]);
      return;
    }
    for (const one of group) await enterGroup(deps, [one]);
  }
}

function receivedEvent(memory: string, entry: MemoryEntry, now: Date) {
  const data: FeedbackReceivedData = { pipeline: 'translation', memory };
  return {
    specversion: '1.0' as const,
    source: `/memories/${memory}`,
    id: `${entry.id}/${entry.validFrom}`,
    type: eventTypes.feedbackReceived,
    subject: String(entry.id),
    time: now.toISOString(),
    datacontenttype: 'application/json',
    data: { ...data },
  };
}
