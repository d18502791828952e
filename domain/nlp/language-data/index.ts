import type { MemoryEntryContent, TermContent } from '../../../contracts/language-data.ts';
import type { Clock } from '../../ports/clock.ts';
import type { LanguageResourceRepository } from '../../ports/language-resources.ts';
import { glossaryKind, memoryKind } from './kinds.ts';
import type { ResourceService } from './resource-service.ts';
import { createResourceService } from './service.ts';

export { createFeedbackService, type FeedbackService } from './feedback.ts';
export { memoryKeyOf, normaliseSource, sourceHashOf } from './identity.ts';
export { formatOf, mediaTypes } from './kinds.ts';
export type { ResourceService } from './resource-service.ts';

export type MemoryService = ResourceService<MemoryEntryContent>;
export type GlossaryService = ResourceService<TermContent>;

/** Translation memories. */
export function createMemoryService(deps: { memories: LanguageResourceRepository; clock: Clock }): MemoryService {
  return createResourceService({ kind: memoryKind, repository: deps.memories, clock: deps.clock });
}

/** Glossaries. */
export function createGlossaryService(deps: { glossaries: LanguageResourceRepository; clock: Clock }): GlossaryService {
  return createResourceService({ kind: glossaryKind, repository: deps.glossaries, clock: deps.clock });
}
