import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { PerennialError } from '../../contracts/errors.ts';

/** Refuses an answer that is not a file to read: SOURCE_INVALID, or UNAVAILABLE when the server is in trouble. */
export function refuseAnswer(response: IncomingMessage, name: string, maxBytes: number): void {
  const { statusCode = 0, statusMessage = '', headers } = response;
  const length = Number(headers['content-length'] ?? 0);
  const refuse = (code: 'SOURCE_INVALID' | 'UNAVAILABLE', message: string, remedy: string): never => {
    response.destroy();
    throw new PerennialError(code, message, { remedy });
  };
  if (statusCode === 429 || statusCode >= 500)
    refuse('UNAVAILABLE', `${name} answers ${statusCode} ${statusMessage}.`, 'Try again later.');
  if (statusCode === 401 || statusCode === 403)
    refuse(
      'SOURCE_INVALID',
      `${name} answers ${statusCode} ${statusMessage}.`,
      'Name the variable that holds the authorization header: mapping.http.authorizationEnv.',
    );
  if (statusCode !== 200)
    refuse('SOURCE_INVALID', `${name} answers ${statusCode} ${statusMessage}.`, 'Correct the address.');
  if (length > maxBytes) tooLarge(response, name, maxBytes);
}

function tooLarge(response: IncomingMessage | undefined, name: string, maxBytes: number): never {
  response?.destroy();
  throw new PerennialError('SOURCE_INVALID', `${name} is larger than ${maxBytes / 2 ** 20} MiB.`, {
    remedy: 'Allow more by mapping.http.maxMiB if it is meant to be so large.',
  });
}

/** The content of an answer; a server may pack it although it was asked not to. */
export function unpacked(response: IncomingMessage): Readable {
  const encoding = response.headers['content-encoding']?.trim().toLowerCase();
  const unpacker =
    encoding === 'gzip' || encoding === 'x-gzip'
      ? createGunzip()
      : encoding === 'deflate'
        ? createInflate()
        : encoding === 'br'
          ? createBrotliDecompress()
          : undefined;
  if (!unpacker) return response;
  response.once('error', (error) => unpacker.destroy(error));
  return response.pipe(unpacker);
}

/** Ends a stream that goes beyond the limit, also one that said nothing of its length. */
export function limit(maxBytes: number, name: string) {
  return async function* (chunks: AsyncIterable<Buffer>) {
    let seen = 0;
    for await (const chunk of chunks) {
      seen += chunk.length;
      if (seen > maxBytes) tooLarge(undefined, name, maxBytes);
      yield chunk;
    }
  };
}
