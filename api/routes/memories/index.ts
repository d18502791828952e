import { Type } from 'typebox';
import { type MemoryEntryContent, NewMemoryEntrySchema } from '../../../contracts/language-data.ts';
import { createMemoryService } from '../../../domain/nlp/language-data/index.ts';
import type { App } from '../../app-type.ts';
import type { AppDependencies } from '../../dependencies.ts';
import { entryRoutes } from '../language-data/entries.ts';
import { fileRoutes } from '../language-data/files.ts';
import { resourceRoutes } from '../language-data/resources.ts';
import type { ResourceRoutes } from '../language-data/spec.ts';

export function memoryRoutes(app: App, deps: AppDependencies): void {
  const routes: ResourceRoutes<MemoryEntryContent> = {
    plural: 'memories',
    singular: 'memory',
    entries: 'entries',
    service: createMemoryService(deps),
    entrySchema: NewMemoryEntrySchema,
    changeSchema: Type.Partial(NewMemoryEntrySchema).properties,
    complete: ({ source = '', target = '', context = '', domain, note = '' }, defaultDomain) => ({
      source,
      target,
      context,
      domain: domain ?? defaultDomain,
      note,
    }),
  };
  resourceRoutes(app, deps, routes);
  entryRoutes(app, deps, routes);
  fileRoutes(app, deps, routes);
}
