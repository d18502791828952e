import { createWriteStream } from 'node:fs';
import { rename } from 'node:fs/promises';
import { type IncomingMessage, request as plainRequest } from 'node:http';
import { request as secureRequest } from 'node:https';
import { isIP } from 'node:net';
import { pipeline } from 'node:stream/promises';
import { PerennialError } from '../../contracts/errors.ts';
import { shownLocation } from '../../contracts/source-location.ts';
import type { SourceFile, SourceReader, SourceRequest } from '../../domain/ports/sources.ts';
import { AddressRefused, guardedLookup, refusalOf } from './addresses.ts';
import { withDiskFull } from './disk.ts';
import { kindOf, newFile } from './files.ts';
import { limit, refuseAnswer, unpacked } from './http-answers.ts';

const defaults = { maxMiB: 4096, timeoutSeconds: 60 };
const mostRedirects = 5;

interface Fetching {
  readonly maxBytes: number;
  readonly timeoutMs: number;
  readonly authorization: string | undefined;
  readonly signal: AbortSignal | undefined;
}

/** The file of an address, or the files below it that the mapping lists, streamed to this machine one after the other. */
export async function httpFiles(
  address: URL,
  { http = {}, sample }: SourceRequest,
  { folder, signal, progress }: Parameters<SourceReader['bring']>[1],
  secret: (name: string) => string | undefined,
): Promise<SourceFile[]> {
  const fetching: Fetching = {
    maxBytes: (http.maxMiB ?? defaults.maxMiB) * 2 ** 20,
    timeoutMs: (http.timeoutSeconds ?? defaults.timeoutSeconds) * 1000,
    authorization: authorizationOf(address, http.authorizationEnv, secret),
    signal,
  };
  const base = new URL(address);
  base.username = '';
  base.password = '';
  const urls = http.files ? http.files.map((file) => below(base, file)) : [base];
  const files: SourceFile[] = [];
  for (const url of urls.slice(0, sample?.files)) {
    files.push(await fetchFile(url, newFile(folder), fetching));
    if (urls.length > 1) progress?.(files.length, urls.length, 'files');
  }
  return files;
}

/** A listed file must not lead elsewhere: the header of authorization goes with it. */
function below(base: URL, file: string): URL {
  const folder = new URL(base);
  if (!folder.pathname.endsWith('/')) folder.pathname += '/';
  const url = URL.canParse(file, folder.href) ? new URL(file, folder) : undefined;
  if (url && url.origin === folder.origin && url.pathname.startsWith(folder.pathname)) return url;
  throw new PerennialError(
    'PARAMETER_INVALID',
    `mapping.http.files: "${file}" is not below ${shownLocation(folder.href)}.`,
    {
      fields: [{ field: 'mapping.http.files', value: file, message: 'is not below the address of the source' }],
      remedy: 'Name files relative to the source, such as 2026-01.csv.',
    },
  );
}

function authorizationOf(
  address: URL,
  name: string | undefined,
  secret: (name: string) => string | undefined,
): string | undefined {
  if (name !== undefined) {
    const value = secret(name);
    if (value) return value;
    throw new PerennialError(
      'SOURCE_INVALID',
      `The environment variable ${name} of mapping.http.authorizationEnv is not set.`,
      {
        remedy: 'Set it where the ingest runs: for the command, or for the workers.',
      },
    );
  }
  if (!address.username) return undefined;
  const user = `${decodeURIComponent(address.username)}:${decodeURIComponent(address.password)}`;
  return `Basic ${Buffer.from(user).toString('base64')}`;
}

async function fetchFile(url: URL, path: string, fetching: Fetching): Promise<SourceFile> {
  const name = shownLocation(url.href);
  try {
    const response = await follow(url, fetching);
    refuseAnswer(response, name, fetching.maxBytes);
    const options = fetching.signal ? { signal: fetching.signal } : {};
    await withDiskFull(() =>
      pipeline(unpacked(response), limit(fetching.maxBytes, name), createWriteStream(path), options),
    );
  } catch (error) {
    fetching.signal?.throwIfAborted();
    if (error instanceof PerennialError) throw error;
    if (error instanceof AddressRefused) {
      throw new PerennialError('SOURCE_INVALID', `${name} may not be read: ${error.message}.`, {
        remedy: 'Name the address itself as the source if it is meant; a redirect does not lead into an inner network.',
      });
    }
    throw new PerennialError('UNAVAILABLE', `${name} could not be read to its end: ${reasonOf(error)}.`, {
      remedy: 'Check that the server answers and sends the whole file; then try again.',
      cause: error,
    });
  }
  const { kind, isGzip, head } = await kindOf(path);
  if (/^\s*<(!doctype|html)/i.test(head)) {
    throw new PerennialError('SOURCE_INVALID', `${name} is a web page, not a table.`, {
      remedy:
        'Give the address of the file itself; a page to log in is the usual cause, see mapping.http.authorizationEnv.',
    });
  }
  const final = `${path}${isGzip ? '.csv.gz' : kind === 'parquet' ? '.parquet' : '.csv'}`;
  await rename(path, final);
  return { path: final, name, kind };
}

/** The answer at the end of redirects. The header of authorization goes to the first origin only. */
async function follow(first: URL, fetching: Fetching): Promise<IncomingMessage> {
  let url = first;
  for (let hops = 0; ; hops++) {
    const isOwn = url.origin === first.origin;
    // The host that was named may be one of the inner network; whoever it points to may not.
    const response = await ask(url, { ...fetching, authorization: isOwn ? fetching.authorization : undefined }, isOwn);
    const { statusCode = 0, headers } = response;
    if (![301, 302, 303, 307, 308].includes(statusCode) || headers.location === undefined) return response;
    response.destroy();
    const next = URL.canParse(headers.location, url.href) ? new URL(headers.location, url) : undefined;
    const isSound = next && (next.protocol === url.protocol || next.protocol === 'https:');
    if (!isSound || hops === mostRedirects) {
      const why = isSound
        ? `redirects more than ${mostRedirects} times`
        : 'redirects to an address that is not followed';
      throw new PerennialError('SOURCE_INVALID', `${shownLocation(first.href)} ${why}.`, {
        remedy: 'Give the address at the end of the redirects.',
      });
    }
    url = next;
  }
}

function ask(url: URL, { timeoutMs, authorization, signal }: Fetching, isNamed: boolean): Promise<IncomingMessage> {
  const allowed = { inner: isNamed };
  return new Promise((resolve, reject) => {
    const host = url.hostname.replace(/^\[|\]$/g, '');
    const refusal = isIP(host) ? refusalOf(host, allowed) : undefined;
    if (refusal) return reject(new AddressRefused(refusal));
    const request = (url.protocol === 'https:' ? secureRequest : plainRequest)(url, {
      lookup: guardedLookup(allowed),
      // A connection of its own: one that was kept alive was looked up under another rule.
      agent: false,
      timeout: timeoutMs,
      headers: {
        'accept-encoding': 'identity',
        accept: '*/*',
        'user-agent': 'perennial',
        ...(authorization ? { authorization } : {}),
      },
      ...(signal ? { signal } : {}),
    });
    request.on('timeout', () => request.destroy(new Error(`silent for ${timeoutMs / 1000} s`)));
    request.on('error', reject);
    request.on('response', (response) => {
      // Later faults end the stream of the answer; without a listener they would end the process.
      request.on('error', (error) => response.destroy(error));
      resolve(response);
    });
    request.end();
  });
}

function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code && !message.includes(code) ? `${message} (${code})` : message;
}
