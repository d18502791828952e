import { PerennialError } from '../../../contracts/errors.ts';
import type { MemoryEntry } from '../../../contracts/language-data.ts';
import type { Clock } from '../../ports/clock.ts';
import type { LanguageResourceRepository } from '../../ports/language-resources.ts';
import { checkLanguage } from '../formats/index.ts';
import { memoryKind } from './kinds.ts';
import { createResourceService } from './service.ts';

/** How a translation should have been. */
export interface Correction {
  readonly source: string;
  readonly target: string;
  /** The memory it enters. Default: `feedback-<source>-<target>` of the languages, made with the first correction. */
  readonly memory?: string;
  readonly sourceLanguage?: string;
  readonly targetLanguage?: string;
  readonly context?: string;
  readonly domain?: string;
  readonly reason?: string;
}

export interface FeedbackService {
  /** VALIDATION_FAILED when neither a memory nor both languages are given; NOT_FOUND for a memory that is not there. */
  correct(correction: Correction, by: string): Promise<{ memory: string; entry: MemoryEntry }>;
}

/** Corrections that people send back: they enter a memory, where exact matches find them, and count as labelled data. */
export function createFeedbackService(deps: { memories: LanguageResourceRepository; clock: Clock }): FeedbackService {
  const service = createResourceService({ kind: memoryKind, repository: deps.memories, clock: deps.clock });
  const memoryOf = async ({ memory, sourceLanguage, targetLanguage }: Correction, by: string): Promise<string> => {
    if (memory !== undefined) return memory;
    if (sourceLanguage === undefined || targetLanguage === undefined) {
      const field = sourceLanguage === undefined ? 'sourceLanguage' : 'targetLanguage';
      throw new PerennialError('VALIDATION_FAILED', 'Nothing says which memory the correction is for.', {
        fields: [{ field, message: 'is needed without a memory' }],
        remedy: 'Give `memory`, or both languages.',
      });
    }
    const source = checkLanguage('sourceLanguage', sourceLanguage);
    const target = checkLanguage('targetLanguage', targetLanguage);
    const id = `feedback-${source}-${target}`.toLowerCase().slice(0, 63);
    if ((await deps.memories.get(id)) !== null) return id;
    const name = `Corrections ${source} → ${target}`;
    // Someone else may have been faster.
    await service.create({ id, name, source, target }, by).catch((error: unknown) => {
      if (!(error instanceof PerennialError) || error.code !== 'CONFLICT') throw error;
    });
    return id;
  };
  return {
    async correct(correction, by) {
      const memory = await memoryOf(correction, by);
      const { domain: defaultDomain } = await service.get(memory);
      const { source, target, context = '', domain = defaultDomain, reason = '' } = correction;
      const content = { source, target, context, domain, note: '' };
      const [entry] = await service.add(memory, [content], { by, reason, feedback: true });
      if (entry) return { memory, entry };
      throw new PerennialError('NOT_FOUND', `The memory "${memory}" was removed meanwhile.`);
    },
  };
}
