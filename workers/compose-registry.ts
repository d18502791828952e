import type { Config } from '../config/index.ts';
import type { CodeVersion } from '../contracts/models.ts';
import type { AliasPolicy } from '../domain/registry/policy.ts';
import { codeVersion } from './code-version.ts';

/** The registry's rules as the configuration says them. */
export function composeRegistry({
  protectedAliases,
  modelHistoryDays,
}: Pick<Config, 'protectedAliases' | 'modelHistoryDays'>): {
  aliasPolicy: AliasPolicy;
  modelHistoryDays: number;
  code: CodeVersion;
} {
  return { aliasPolicy: protectedAliases, modelHistoryDays, code: codeVersion() };
}
