import { PerennialError } from '../../contracts/errors.ts';
import type { AnyPipeline } from '../dag/definition.ts';

/**
 * What stands in pipeline definitions of one kind, by id, checked.
 *
 * @param kind what it is called in messages, such as `schedule`.
 * @throws DEFINITION_INVALID when two have the same id; what `check` throws.
 */
export function collectDefinitions<Given extends { readonly id: string }, Checked>(
  kind: string,
  pipelines: ReadonlyMap<string, AnyPipeline>,
  givenBy: (pipeline: AnyPipeline) => readonly Given[] | undefined,
  check: (given: Given, pipeline: string) => Checked,
): Map<string, Checked> {
  const found = new Map<string, Checked>();
  const owners = new Map<string, string>();
  for (const pipeline of pipelines.values()) {
    for (const given of givenBy(pipeline) ?? []) {
      const owner = owners.get(given.id);
      if (owner !== undefined) {
        throw new PerennialError(
          'DEFINITION_INVALID',
          `The ${kind} id "${given.id}" stands in "${owner}" and in "${pipeline.id}".`,
          { remedy: 'Give one of them another id.' },
        );
      }
      owners.set(given.id, pipeline.id);
      found.set(given.id, check(given, pipeline.id));
    }
  }
  return found;
}
