import { PerennialError } from '../../../contracts/errors.ts';
import type { MemoryEntry, ResourceRecord } from '../../../contracts/language-data.ts';
import type { Clock } from '../../ports/clock.ts';
import type { LanguageResourceRepository } from '../../ports/language-resources.ts';
import { checkLanguage } from '../formats/index.ts';
import { memoryKind } from './kinds.ts';
import { createResourceService } from './service.ts';

/** Which memory a correction enters. */
export interface CorrectedMemory {
  /** Default: `feedback-<source>-<target>` of the languages, made with the first correction. */
  readonly memory?: string | undefined;
  readonly sourceLanguage?: string | undefined;
  readonly targetLanguage?: string | undefined;
}

/** How a translation should have been. */
export interface Correction {
  readonly source: string;
  readonly target: string;
  readonly context?: string | undefined;
  readonly domain?: string | undefined;
}

export interface FeedbackService {
  /**
   * The memory that a correction enters, made if need be. VALIDATION_FAILED when neither a memory nor both languages are given;
   * NOT_FOUND for a memory that is not there.
   */
  memoryOf(of: CorrectedMemory, by: string): Promise<ResourceRecord>;
  /** Enters corrections into a memory, in one version, in their order. Errors as of entries. */
  enter(
    memory: ResourceRecord,
    corrections: readonly Correction[],
    edit: { readonly by: string; readonly reason?: string | undefined },
  ): Promise<MemoryEntry[]>;
}

/** Corrections that people send back: they enter a memory, where exact matches find them, and count as labelled data. */
export function createFeedbackService(deps: { memories: LanguageResourceRepository; clock: Clock }): FeedbackService {
  const service = createResourceService({ kind: memoryKind, repository: deps.memories, clock: deps.clock });
  const memoryOf: FeedbackService['memoryOf'] = async ({ memory, sourceLanguage, targetLanguage }, by) => {
    if (memory !== undefined) return service.get(memory);
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
    const found = await deps.memories.get(id);
    if (found !== null) return found;
    const name = `Corrections ${source} → ${target}`;
    // Someone else may have been faster.
    await service.create({ id, name, source, target }, by).catch((error: unknown) => {
      if (!(error instanceof PerennialError) || error.code !== 'CONFLICT') throw error;
    });
    return service.get(id);
  };
  const enter: FeedbackService['enter'] = async ({ id, domain: usual }, corrections, { by, reason = '' }) => {
    const contents = corrections.map(({ source, target, context = '', domain = usual }) => ({
      ...{ source, target, context, domain, note: '' },
    }));
    const entries = await service.add(id, contents, { by, reason, feedback: true });
    if (entries.length === corrections.length) return entries;
    throw new PerennialError('NOT_FOUND', `The memory "${id}" was removed meanwhile.`);
  };
  return { memoryOf, enter };
}
