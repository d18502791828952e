import { PerennialError } from '../../contracts/errors.ts';
import type { AliasOptions, ModelRepository } from '../ports/models.ts';
import { versionBefore } from './history.ts';
import { type Actor, type AliasPolicy, checkMayMove } from './policy.ts';

interface Move {
  readonly model: string;
  readonly alias: string;
  readonly actor: Actor;
  readonly reason: string;
  /** The version the alias must point at (null: at none) for the change to be made. Absent: wherever it points. */
  readonly expected?: number | undefined | null;
  /** Of the champion: the configuration it is served by; absent: the one in force stays. */
  readonly configuration?: number | undefined;
}

interface Registry {
  readonly models: ModelRepository;
  readonly policy: AliasPolicy;
}

/** A change that was made: where the alias points now, and where it did before. */
export interface Moved {
  readonly version: number | null;
  readonly before: number | null;
}

/**
 * Points an alias at a version, or at none (null).
 *
 * @throws FORBIDDEN, NOT_FOUND, GONE, PARAMETER_INVALID for a configuration of another alias than champion, CONFLICT when the alias is
 * not where it was expected.
 */
export async function moveAlias({ models, policy }: Registry, move: Move & { version: number | null }): Promise<Moved> {
  const { model, alias, version, actor, reason } = move;
  checkMayMove(policy, alias, actor);
  const before = (await models.byAlias(model, alias))?.version ?? null;
  if (version === null && before === null)
    throw new PerennialError('NOT_FOUND', `Model "${model}" has no alias "${alias}".`, {
      remedy: `GET /v1/models?model=${model} lists its versions with their aliases.`,
    });
  await models.setAlias(model, alias, version, actor.name, reason, optionsOf(move));
  return { version, before };
}

/**
 * Points an alias at the version it pointed at before; done again, at the one before that.
 *
 * @throws FORBIDDEN; PARAMETER_INVALID as {@link moveAlias}; CONFLICT when there is none to go back to, or somebody else moves the alias at the same time.
 */
export async function rollBack({ models, policy }: Registry, move: Move): Promise<Moved> {
  const { model, alias, actor, reason } = move;
  checkMayMove(policy, alias, actor);
  const before = (await models.byAlias(model, alias))?.version ?? null;
  const there = new Set((await models.list(model)).map(({ version }) => version));
  const version = versionBefore(await models.history(model, alias), (v) => there.has(v));
  if (version === null)
    throw new PerennialError(
      'CONFLICT',
      `There is no version that the alias "${alias}" of model "${model}" could go back to.`,
      {
        remedy: `Point it at a version: \`perennial models promote ${model} --alias ${alias} --version N\`.`,
      },
    );
  // Somebody who moved it since was not known of when the version to go back to was chosen.
  const options = { expected: before, ...optionsOf(move), kind: 'rollback' } as const;
  await models.setAlias(model, alias, version, actor.name, reason, options);
  return { version, before };
}

function optionsOf({ alias, expected, configuration }: Move): AliasOptions {
  if (configuration !== undefined && alias !== 'champion')
    throw new PerennialError('PARAMETER_INVALID', `The alias "${alias}" is served by no configuration of its own.`, {
      fields: [{ field: 'configuration', value: configuration, message: 'goes with the alias champion only' }],
      remedy: 'Leave it out.',
    });
  return {
    ...(expected === undefined ? {} : { expected }),
    ...(configuration === undefined ? {} : { configuration }),
  };
}
