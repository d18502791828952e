import { Type } from 'typebox';
import { NewTermSchema, type TermContent } from '../../../contracts/language-data.ts';
import { createGlossaryService } from '../../../domain/nlp/language-data/index.ts';
import type { App } from '../../app-type.ts';
import type { AppDependencies } from '../../dependencies.ts';
import { entryRoutes } from '../language-data/entries.ts';
import { fileRoutes } from '../language-data/files.ts';
import { resourceRoutes } from '../language-data/resources.ts';
import type { ResourceRoutes } from '../language-data/spec.ts';

export function glossaryRoutes(app: App, deps: AppDependencies): void {
  const routes: ResourceRoutes<TermContent> = {
    plural: 'glossaries',
    singular: 'glossary',
    entries: 'terms',
    service: createGlossaryService(deps),
    entrySchema: NewTermSchema,
    changeSchema: Type.Partial(NewTermSchema).properties,
    complete: (given, defaultDomain) => ({
      source: given.source ?? '',
      target: given.target ?? '',
      alternatives: given.alternatives ?? [],
      partOfSpeech: given.partOfSpeech ?? '',
      domain: given.domain ?? defaultDomain,
      note: given.note ?? '',
      caseSensitive: given.caseSensitive ?? false,
      forbidden: given.forbidden ?? false,
    }),
  };
  resourceRoutes(app, deps, routes);
  entryRoutes(app, deps, routes);
  fileRoutes(app, deps, routes);
}
