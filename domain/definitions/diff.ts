import { isDeepStrictEqual } from 'node:util';
import type { DefinitionChange, DefinitionOrigin } from '../../contracts/definitions.ts';

interface Defined<Definition> {
  readonly definition: Definition;
  /** Of the definition. */
  readonly hash: string;
}

interface Stored<Definition> extends Defined<Definition> {
  readonly id: string;
  readonly origin: DefinitionOrigin;
}

/**
 * What takes the definitions that are there to those of the code, by id. Those made by API are nobody's business here.
 *
 * @param schema of the definitions; its fields are compared, but for `id`.
 */
export function diffDefinitions<Definition extends object>(
  code: ReadonlyMap<string, Defined<Definition>>,
  existing: readonly Stored<Definition>[],
  schema: { readonly properties: Readonly<Record<keyof Definition & string, unknown>> },
): DefinitionChange[] {
  const keys = Object.keys(schema.properties) as (keyof Definition & string)[];
  const fieldsOf = (from: Definition | undefined, to: Definition | undefined): DefinitionChange['fields'] =>
    keys
      .filter((key) => key !== 'id' && !isDeepStrictEqual(from?.[key], to?.[key]))
      .map((field) => ({ field, from: from?.[field] ?? null, to: to?.[field] ?? null }));
  const there = new Map(existing.map((stored) => [stored.id, stored]));
  const changes: DefinitionChange[] = [];
  for (const [id, { definition, hash }] of code) {
    const old = there.get(id);
    if (!old) changes.push({ id, kind: 'add', fields: fieldsOf(undefined, definition) });
    else if (old.origin === 'api') changes.push({ id, kind: 'conflict', fields: [] });
    else if (old.hash !== hash) changes.push({ id, kind: 'change', fields: fieldsOf(old.definition, definition) });
  }
  for (const { id, origin, definition } of existing)
    if (origin === 'code' && !code.has(id))
      changes.push({ id, kind: 'remove', fields: fieldsOf(definition, undefined) });
  return changes.sort((a, b) => (a.id < b.id ? -1 : 1));
}
