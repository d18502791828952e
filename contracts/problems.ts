import { type ErrorCode, errorKinds, type FieldFault, PerennialError } from './errors.ts';

/** An error as an answer of ours holds it (RFC 9457), as far as it is one: proxies answer pages of their own. */
export interface Problem {
  readonly code?: ErrorCode;
  readonly detail?: string;
  readonly remedy?: string;
  readonly errors?: readonly FieldFault[];
  readonly traceId?: string;
}

/** Reads the body of an answer that is no success; what is no problem document is an empty one. */
export function readProblem(body: string): Problem {
  try {
    const problem = JSON.parse(body) as (Problem & { readonly code?: string }) | null;
    if (problem?.code !== undefined && Object.hasOwn(errorKinds, problem.code)) return problem;
  } catch {
    // No JSON.
  }
  return {};
}

/** The error of a problem document, with what stands for parts that it lacks. */
export function errorOfProblem(
  { code, detail, remedy, errors }: Problem,
  otherwise: { readonly code: ErrorCode; readonly message: string; readonly remedy?: string; readonly cause?: unknown },
): PerennialError {
  const said = remedy ?? otherwise.remedy;
  return new PerennialError(code ?? otherwise.code, detail ?? otherwise.message, {
    ...(said === undefined ? {} : { remedy: said }),
    ...(errors === undefined ? {} : { fields: errors }),
    ...(otherwise.cause === undefined ? {} : { cause: otherwise.cause }),
  });
}
