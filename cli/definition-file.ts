import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { PerennialError } from '../contracts/errors.ts';

/**
 * The definitions in a YAML or JSON file: one, or a list. SOURCE_INVALID when it cannot be read or one has no id.
 *
 * @param kind what they are called, with its article: `a rule`. @param page of the manual that shows one.
 */
export function readDefinitions<Definition extends { readonly id: string }>(
  file: string,
  kind: string,
  page: string,
): Definition[] {
  try {
    const content: unknown = parse(readFileSync(file, 'utf8'));
    const list = (Array.isArray(content) ? content : [content]) as Definition[];
    if (list.every((item) => typeof item?.id === 'string')) return list;
    throw new Error(`it must hold ${kind} with an id, or a list of such`);
  } catch (error) {
    throw new PerennialError('SOURCE_INVALID', `${file} cannot be read: ${(error as Error).message}.`, {
      remedy: `Give a YAML or JSON file; ${page} shows one.`,
      cause: error,
    });
  }
}
