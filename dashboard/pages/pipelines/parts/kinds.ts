import { links } from '../../../app/links.ts';
import type { DefinitionKind } from '../queries.ts';

/** What a definition of a kind is called, and where one stands. */
export const definitionKinds: Readonly<
  Record<DefinitionKind, { readonly word: string; readonly link: (id: string) => string }>
> = {
  schedules: { word: 'schedule', link: links.schedule },
  rules: { word: 'rule', link: links.rule },
  deadlines: { word: 'deadline', link: links.deadline },
};

/** The list of all definitions of a kind. */
export const listOf = (kind: DefinitionKind): string => `${links.pipelines}?tab=${kind}`;

/** Where the API has a definition. */
export const pathOf = (kind: DefinitionKind, id: string): string => `/v1/${kind}/${encodeURIComponent(id)}`;
