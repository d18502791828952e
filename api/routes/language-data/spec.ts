import type { TSchema } from 'typebox';
import type { ResourceService } from '../../../domain/nlp/language-data/index.ts';

/** What the routes of memories and those of glossaries differ in. */
export interface ResourceRoutes<Content extends object> {
  /** Part of the address, and name of the list. */
  readonly plural: 'memories' | 'glossaries';
  readonly singular: 'memory' | 'glossary';
  /** `entries` or `terms`: part of the address, and name of the list. */
  readonly entries: 'entries' | 'terms';
  readonly service: ResourceService<Content>;
  /** Schema of an entry as it is given. */
  readonly entrySchema: TSchema;
  /** The properties of that schema, all of them optional. */
  readonly changeSchema: Readonly<Record<string, TSchema>>;
  /** A whole entry of what was given. */
  complete(given: Partial<Content>, domain: string): Content;
}
