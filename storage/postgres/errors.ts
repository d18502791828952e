import { PerennialError } from '../../contracts/errors.ts';

/** PostgreSQL and Node codes that mean: the server is away, starting or ending, and may be back soon. */
const away = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  '57P01',
  '57P02',
  '57P03',
  '08000',
  '08003',
  '08006',
  '53300',
  // Prisma: cannot reach, timed out, closed, no connection from the pool in time.
  'P1001',
  'P1002',
  'P1017',
  'P2024',
]);

const awayText =
  /connection (terminated|refused|timeout|ended)|can't reach database|server has closed the connection|timeout exceeded when trying to connect|DatabaseNotReachable|ConnectionClosed|the database system is (starting up|shutting down)|terminating connection/i;

/** An error of PostgreSQL, its driver or Prisma as ours: UNAVAILABLE when the server is away, else as it came. */
export function toStorageError(error: unknown): unknown {
  if (error instanceof PerennialError) return error;
  for (let e: unknown = error, depth = 0; e instanceof Error && depth < 5; depth++) {
    const { code, cause, errors } = e as Error & { code?: unknown; cause?: unknown; errors?: unknown[] };
    if ((typeof code === 'string' && away.has(code)) || awayText.test(e.message)) {
      return new PerennialError('UNAVAILABLE', 'PostgreSQL does not answer.', {
        remedy: 'Wait for it to come back, or check DATABASE_URL and the server.',
        cause: error,
      });
    }
    e = cause instanceof Error ? cause : errors?.[0];
  }
  return error;
}

/** A repository whose methods throw {@link toStorageError}'s errors. */
export function withStorageErrors<Repository extends object>(repository: Repository): Repository {
  return new Proxy(repository, {
    get(target, property) {
      const member: unknown = Reflect.get(target, property, target);
      if (typeof member !== 'function') return member;
      return async (...args: unknown[]) => {
        try {
          return (await Reflect.apply(member, target, args)) as unknown;
        } catch (error) {
          throw toStorageError(error);
        }
      };
    },
  });
}
