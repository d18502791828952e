import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type ErrorCode, errorKinds, PerennialError } from '../../contracts/errors.ts';
import { OverloadError } from '../../domain/serving/overload.ts';
import { traceIdOf } from './tracing.ts';

/** Fastify's own errors as ours. */
const known: Readonly<Record<string, { code: ErrorCode; message?: string; remedy: string }>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: {
    code: 'BODY_TOO_LARGE',
    remedy: 'Send less at a time, or raise PERENNIAL_BODY_LIMIT on the server.',
  },
  FST_ERR_CTP_EMPTY_JSON_BODY: {
    code: 'VALIDATION_FAILED',
    message: 'The body is empty.',
    remedy: 'Send a JSON object, or leave the content-type header away.',
  },
  FST_ERR_CTP_INVALID_JSON_BODY: {
    code: 'VALIDATION_FAILED',
    message: 'The body is not valid JSON.',
    remedy: 'Check its quotes, commas and brackets.',
  },
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: { code: 'VALIDATION_FAILED', remedy: 'Let your client set content-length.' },
};

/** Any error as a {@link PerennialError}. What nobody foresaw is INTERNAL, and its text stays in the log. */
export function toPerennial(error: FastifyError, request: FastifyRequest): PerennialError {
  if (error instanceof PerennialError) return error;
  if (error.code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') {
    return new PerennialError('UNSUPPORTED_MEDIA_TYPE', `The body has the type ${request.headers['content-type']}.`, {
      remedy: 'Send JSON with the header content-type: application/json.',
    });
  }
  const kind = known[error.code];
  if (kind) return new PerennialError(kind.code, kind.message ?? error.message, { remedy: kind.remedy });
  if (error instanceof SyntaxError && error.statusCode === 400) {
    return new PerennialError('VALIDATION_FAILED', `The body is not valid JSON: ${error.message}.`, {
      remedy: 'Check its quotes, commas and brackets.',
    });
  }
  if (error.statusCode === 429)
    return new PerennialError('RATE_LIMITED', error.message, {
      remedy: 'Wait as long as the header retry-after says.',
    });
  if (error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500) {
    return new PerennialError('VALIDATION_FAILED', error.message, { remedy: 'See /docs for what this route takes.' });
  }
  return new PerennialError('INTERNAL', 'Something went wrong on our side.', {
    remedy: 'Tell your administrator the trace id; the log has the cause under it.',
    cause: error,
  });
}

function send(request: FastifyRequest, reply: FastifyReply, error: PerennialError): FastifyReply {
  return retryAfter(reply, error)
    .status(error.status)
    .type('application/problem+json')
    .send({
      type: `urn:perennial:error:${error.code}`,
      title: errorKinds[error.code].title,
      status: error.status,
      detail: error.message,
      instance: request.url,
      code: error.code,
      ...(error.remedy === undefined ? {} : { remedy: error.remedy }),
      ...(error.fields === undefined ? {} : { errors: error.fields }),
      traceId: traceIdOf(request),
    });
}

/** Says when to try again, where the error knows it. */
export function retryAfter(reply: FastifyReply, error: PerennialError): FastifyReply {
  return error instanceof OverloadError ? reply.header('retry-after', String(error.retryAfterSeconds)) : reply;
}

/** Answers every error as a problem document (RFC 9457). */
export function problems(app: FastifyInstance): void {
  app.setErrorHandler<FastifyError>((error, request, reply) => {
    const problem = toPerennial(error, request);
    if (problem.status >= 500) request.log.error({ err: error }, problem.message);
    return send(request, reply, problem);
  });
  app.setNotFoundHandler((request, reply) =>
    send(
      request,
      reply,
      new PerennialError('NOT_FOUND', `There is no ${request.method} ${request.url.split('?')[0]}.`, {
        remedy: 'See /docs for the routes.',
      }),
    ),
  );
}

/** Answers addresses that the router itself refuses: a part that is too long, or not valid percent encoding. */
export function addressProblem(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  void send(
    request,
    reply,
    new PerennialError('VALIDATION_FAILED', `The address is not valid: ${error.message.slice(0, 200)}.`, {
      remedy: 'Ids have at most 200 characters; encode others than letters and digits, for example a space as %20.',
    }),
  );
}
