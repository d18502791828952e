import { PerennialError } from '../../contracts/errors.ts';
import { type Role, roles } from '../../contracts/keys.ts';

/** Who asks for a change. */
export interface Actor {
  readonly name: string;
  readonly role: Role;
}

/** Aliases that not everybody may move, and the least role that may. Other aliases need `operator`. */
export type AliasPolicy = Readonly<Record<string, Role>>;

/** FORBIDDEN when a caller may not move an alias. */
export function checkMayMove(policy: AliasPolicy, alias: string, { name, role }: Actor): void {
  const least = (Object.hasOwn(policy, alias) ? policy[alias] : undefined) ?? 'operator';
  if (roles.indexOf(role) >= roles.indexOf(least)) return;
  throw new PerennialError(
    'FORBIDDEN',
    `The alias "${alias}" is protected: "${name}" has the role ${role}, and moving it needs ${least}.`,
    {
      fields: [{ field: 'alias', value: alias, message: `needs the role ${least}` }],
      remedy: `Ask someone with the role ${least}; PERENNIAL_PROTECTED_ALIASES says which aliases are protected.`,
    },
  );
}
