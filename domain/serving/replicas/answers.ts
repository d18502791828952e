import type { PerennialError } from '../../../contracts/errors.ts';
import { errorOfProblem, readProblem } from '../../../contracts/problems.ts';
import type { ReplicaAnswer } from '../../ports/serving.ts';
import { OverloadError } from '../overload.ts';

/** The JSON of an answer. Throws the error that it holds, as the replica threw it. */
export async function jsonOf<T>(answer: ReplicaAnswer): Promise<T> {
  const text = await answer.text();
  if (answer.status >= 200 && answer.status < 300) return (text === '' ? undefined : JSON.parse(text)) as T;
  throw errorOf(answer, text);
}

/** The error of an answer that is none of success. */
export function errorOf({ status, headers }: Pick<ReplicaAnswer, 'status' | 'headers'>, body: string): PerennialError {
  const problem = readProblem(body);
  const message = problem.detail ?? `A serving replica answered ${status}.`;
  const seconds = Number(headers['retry-after']);
  if (problem.code === 'RATE_LIMITED' && seconds > 0) return new OverloadError(message, 1000 * seconds);
  // The log of the replica has the cause under its own id.
  const cause = `answer ${status} of a serving replica, trace id ${problem.traceId ?? 'unknown'}`;
  return errorOfProblem(problem, { code: 'INTERNAL', message, cause });
}
