import type { FastifyRequest } from 'fastify';
import type { AppDependencies } from '../../dependencies.ts';

/** Counts of a replica without Redis. */
const local = new Map<string, number>();
/** Counts are kept for the present month and the one before. */
const keptSeconds = 62 * 86_400;

function nameOf({ clock }: Pick<AppDependencies, 'clock'>, request: FastifyRequest): string {
  return `perennial:characters:${request.apiKey?.id ?? ''}:${clock.now().toISOString().slice(0, 7)}`;
}

/**
 * Adds the characters (code points) of texts to what the caller's key has translated this month. Nobody waits for it,
 * and a failure is logged only.
 */
export function countCharacters(
  deps: Pick<AppDependencies, 'clock' | 'redis'>,
  request: FastifyRequest,
  text: string | readonly string[],
): void {
  // Of what another process of ours asks, that one counts it.
  if (request.ownCallFor !== null) return;
  const texts = typeof text === 'string' ? [text] : text;
  const count = texts.reduce((sum, one) => sum + charactersOf(one), 0);
  const name = nameOf(deps, request);
  const { redis } = deps;
  if (!redis) {
    local.set(name, (local.get(name) ?? 0) + count);
    return;
  }
  redis
    .incrby(name, count)
    // The first of the month.
    .then((total) => (total === count ? redis.expire(name, keptSeconds) : undefined))
    .catch((error: unknown) => request.log.warn({ err: error }, 'characters could not be counted'));
}

/** Characters that the caller's key has translated this month (UTC). */
export async function charactersUsed(
  deps: Pick<AppDependencies, 'clock' | 'redis'>,
  request: FastifyRequest,
): Promise<number> {
  const name = nameOf(deps, request);
  return deps.redis ? Number((await deps.redis.get(name)) ?? 0) : (local.get(name) ?? 0);
}

/** Code points of a text. */
export function charactersOf(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}
