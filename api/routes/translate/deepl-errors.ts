import type { FastifyError } from 'fastify';
import type { PerennialError } from '../../../contracts/errors.ts';
import type { App } from '../../app-type.ts';
import { retryAfter, toPerennial } from '../../plugins/problems.ts';

/** Answers the errors of a scope as DeepL's clients read them. */
export function deeplErrors(scope: App): void {
  scope.setErrorHandler<FastifyError>((thrown, request, reply) => {
    const error = toPerennial(thrown, request);
    if (error.status >= 500) request.log.error({ err: thrown }, error.message);
    const { message, remedy: detail, code } = error;
    return retryAfter(reply, error)
      .status(statusOf(error, request.headers.authorization))
      .send({ message, ...(detail === undefined ? {} : { detail }), code });
  });
}

/** DeepL's clients take an unknown key for 403, and a language that is not there for 400. */
function statusOf(error: PerennialError, header: string | undefined): number {
  if (error.status === 401 && header !== undefined) return 403;
  const fields = error.fields?.map(({ field }) => field) ?? [];
  return error.code === 'NOT_FOUND' && fields.includes('target') ? 400 : error.status;
}
