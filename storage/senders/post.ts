import { PerennialError } from '../../contracts/errors.ts';
import type { Poster } from '../../domain/ports/senders.ts';
import { SpanKind, SpanStatusCode, traced } from '../../telemetry/tracing.ts';

const timeoutMs = 15_000;
/** Of an answer that refuses, for the list of failures. */
const shownCharacters = 300;
/** Answers of the 4xx that may be others a moment later. */
const passing = new Set([408, 409, 423, 425, 429]);

/**
 * The span of a request, without its path: that is where such addresses keep their token. The receiver is not given the
 * trace, which is nothing to it.
 */
function tracedPost(url: string, work: () => Promise<[Response, string]>): Promise<[Response, string]> {
  const { origin, hostname, port, protocol } = new URL(url);
  const scheme = protocol.slice(0, -1);
  const attributes = {
    'http.request.method': 'POST',
    'url.full': `${origin}/[redacted]`,
    'url.scheme': scheme,
    'server.address': hostname,
    'server.port': Number(port || (scheme === 'https' ? 443 : 80)),
  };
  return traced('POST', { kind: SpanKind.CLIENT, attributes }, async (span) => {
    const [response, answer] = await work();
    span?.setAttribute('http.response.status_code', response.status);
    if (!response.ok) {
      span?.setStatus({ code: SpanStatusCode.ERROR });
      span?.setAttribute('error.type', String(response.status));
    }
    return [response, answer];
  });
}

/** Posts JSON to webhooks. A redirect is not followed: it would hand the message to somebody nobody named. */
export function openPoster(): Poster {
  return {
    async post(url, headers, body) {
      const { host } = new URL(url);
      let response: Response;
      let answer: string;
      try {
        [response, answer] = await tracedPost(url, async () => {
          const given = await fetch(url, {
            method: 'POST',
            headers: { 'content-type': 'application/json', 'user-agent': 'Perennial', ...headers },
            body,
            redirect: 'manual',
            signal: AbortSignal.timeout(timeoutMs),
          });
          return [given, (await given.text()).slice(0, shownCharacters)];
        });
      } catch (error) {
        const { cause } = error as { cause?: unknown };
        const why = cause instanceof Error && cause.message ? cause.message : (error as Error).message;
        throw new PerennialError('DELIVERY_FAILED', `${host} does not answer: ${why}`, {
          remedy: 'Check that the receiver runs and can be reached from here.',
          cause: error,
        });
      }
      if (response.ok) return;
      const { status } = response;
      const isFinal = status < 500 && !passing.has(status);
      throw new PerennialError(
        isFinal ? 'DELIVERY_REFUSED' : 'DELIVERY_FAILED',
        `${host} answers ${status}${answer ? `: ${answer}` : ''}`,
        {
          remedy: isFinal
            ? 'Correct the address of the channel, or make the receiver take it; then send it again.'
            : 'Look at the receiver; the message is tried again.',
        },
      );
    },
  };
}
