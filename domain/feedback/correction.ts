import { createHash } from 'node:crypto';
import { type FieldFault, PerennialError } from '../../contracts/errors.ts';
import type { FeedbackRecord } from '../../contracts/feedback.ts';
import { translationFault } from '../nlp/formats/index.ts';
import type { FeedbackService } from '../nlp/language-data/index.ts';
import type { NewFeedback } from '../ports/feedback.ts';

/** A correction as people and programs send it: of an answer, by request and place, or of a text. */
export interface SentCorrection {
  /** As the answer's header `perennial-request` told. */
  readonly requestId?: string | undefined;
  /** Place of the text in the request, from 0; default 0. */
  readonly index?: number | undefined;
  readonly source?: string | undefined;
  /** How it should be translated. */
  readonly target: string;
  readonly memory?: string | undefined;
  readonly sourceLanguage?: string | undefined;
  readonly targetLanguage?: string | undefined;
  readonly context?: string | undefined;
  readonly domain?: string | undefined;
  readonly reason?: string | undefined;
}

/** Whether a correction will be joined to its answer. */
export type FeedbackStatus = 'joined' | 'waiting' | 'unknown';

/**
 * A correction as it is kept. The same one has the same id, however often it is sent: by its request and place, or by memory or languages,
 * source and correction.
 *
 * @throws VALIDATION_FAILED naming the field, NOT_FOUND for a memory that is not there.
 */
export async function newFeedback(
  service: Pick<FeedbackService, 'memoryOf'>,
  sent: SentCorrection,
  by: string,
  now: Date,
): Promise<NewFeedback> {
  const { requestId, index = 0, source, target, context, domain, reason } = sent;
  if (requestId === undefined && source === undefined)
    throw invalid(
      { field: 'requestId', message: 'is needed without a source' },
      'Give the id of the request, or the source.',
    );
  const fault = translationFault({
    source: source ?? 'x',
    target,
    context: context ?? '',
    domain: domain ?? '',
    note: '',
  });
  if (fault !== null) {
    const field = /^the (source|target|context|domain)\b/.exec(fault)?.[1] ?? 'target';
    throw invalid({ field, message: fault }, 'Change it and send it again.');
  }
  // What names an answer has its languages from there, and needs no memory until then.
  const needsMemory = requestId === undefined || sent.memory !== undefined || sent.sourceLanguage !== undefined;
  const memory = needsMemory ? await service.memoryOf(sent, by) : null;
  const wanted = [memory?.id, source, target];
  return {
    id:
      requestId === undefined
        ? `text/${createHash('sha256').update(JSON.stringify(wanted)).digest('hex')}`
        : `${requestId}/${index}`,
    requestId: requestId ?? null,
    index: requestId === undefined ? null : index,
    sourceLanguage: memory?.source ?? null,
    targetLanguage: memory?.target ?? null,
    source: source ?? null,
    correction: target,
    memory: memory?.id ?? null,
    detail: {
      ...(context === undefined ? {} : { context }),
      ...(domain === undefined ? {} : { domain }),
      ...(reason === undefined ? {} : { reason }),
    },
    by,
    at: now.toISOString(),
  };
}

/** @param waitHours hours for which a correction waits for its answer. */
export function statusOf({ prediction, at }: FeedbackRecord, now: Date, waitHours: number): FeedbackStatus {
  if (prediction !== null) return 'joined';
  return now.getTime() - Date.parse(at) < waitHours * 3_600_000 ? 'waiting' : 'unknown';
}

function invalid(field: FieldFault, remedy: string): PerennialError {
  return new PerennialError('VALIDATION_FAILED', `The correction is not taken: ${field.field} ${field.message}.`, {
    fields: [field],
    remedy,
  });
}
