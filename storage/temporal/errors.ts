import { PerennialError } from '../../contracts/errors.ts';

/** gRPC codes that mean: the server is away or overloaded, and may be back soon. */
const away = new Set([4, 8, 14]);

/** What Temporal throws as ours: UNAVAILABLE when it does not answer, else as it came. */
export async function guarded<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    for (let e: unknown = error; e instanceof Error; e = e.cause) {
      if (away.has((e as Error & { code?: number }).code ?? -1) || /failed to connect|deadline/i.test(e.message)) {
        throw new PerennialError('UNAVAILABLE', 'Temporal does not answer.', {
          remedy: 'Wait for it to come back, or check TEMPORAL_ADDRESS and the server.',
          cause: error,
        });
      }
    }
    throw error;
  }
}
