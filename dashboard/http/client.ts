import type { FieldFault } from '../../contracts/errors.ts';

interface Problem {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly remedy?: string | undefined;
  readonly traceId?: string | undefined;
  readonly fields?: readonly FieldFault[] | undefined;
}

/** A problem document of the API (RFC 9457), or that the API could not be reached (status 0). */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly remedy: string | undefined;
  readonly traceId: string | undefined;
  readonly fields: readonly FieldFault[];
  constructor(message: string, problem: Problem) {
    super(message);
    this.status = problem.status;
    this.code = problem.code;
    this.title = problem.title;
    this.remedy = problem.remedy;
    this.traceId = problem.traceId;
    this.fields = problem.fields ?? [];
  }
}

type QueryValue = string | number | boolean | readonly string[] | null | undefined;

export interface RequestOptions {
  /** Sent as JSON; a Blob as it is. */
  readonly body?: unknown;
  /** Left out where undefined, null or empty; an array gives the name several times. */
  readonly query?: Readonly<Record<string, QueryValue>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
}

/** An address of the API with a query. */
export function address(path: string, query: Readonly<Record<string, QueryValue>> = {}): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined || value === null || value === '') continue;
    for (const one of Array.isArray(value) ? value : [value]) search.append(name, String(one));
  }
  return search.size > 0 ? `${path}?${search}` : path;
}

/** Asks the API; the answer's JSON, or undefined for an empty one. {@link ApiError} for anything else. */
export async function request<T>(method: string, path: string, options: RequestOptions = {}): Promise<T> {
  return (await exchange<T>(method, path, options)).data;
}

/** As {@link request}, with the headers of the answer. */
export async function exchange<T>(
  method: string,
  path: string,
  options: RequestOptions = {},
): Promise<{ readonly data: T; readonly headers: Headers }> {
  const response = await send(method, path, options);
  const text = await response.text();
  return { data: (text === '' ? undefined : JSON.parse(text)) as T, headers: response.headers };
}

export const get = <T>(path: string, query?: RequestOptions['query'], signal?: AbortSignal): Promise<T> =>
  request<T>('GET', path, { ...(query ? { query } : {}), signal });
export const post = <T>(path: string, body?: unknown): Promise<T> => request<T>('POST', path, { body });
export const put = <T>(path: string, body: unknown): Promise<T> => request<T>('PUT', path, { body });
export const patch = <T>(path: string, body: unknown): Promise<T> => request<T>('PATCH', path, { body });
export const remove = <T>(path: string, query?: RequestOptions['query']): Promise<T> =>
  request<T>('DELETE', path, query ? { query } : {});

async function send(method: string, path: string, { body, query, headers, signal }: RequestOptions): Promise<Response> {
  const isFile = body instanceof Blob;
  let response: Response;
  try {
    response = await fetch(address(path, query), {
      method,
      headers: {
        accept: 'application/json',
        ...(body === undefined || isFile ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: isFile ? body : JSON.stringify(body) }),
      ...(signal ? { signal } : {}),
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new ApiError('The API does not answer.', {
      status: 0,
      code: 'UNREACHABLE',
      title: 'No connection',
      remedy: 'Check that Perennial runs and that you are connected; this page tries again by itself.',
    });
  }
  if (response.ok) return response;
  throw await problemOf(response);
}

async function problemOf(response: Response): Promise<ApiError> {
  const text = await response.text();
  let problem: Record<string, unknown> = {};
  try {
    problem = JSON.parse(text) as Record<string, unknown>;
  } catch {
    // A proxy in between answers in its own words.
  }
  const word = (name: string): string | undefined => (typeof problem[name] === 'string' ? problem[name] : undefined);
  return new ApiError(word('detail') ?? `The API answered with ${response.status} ${response.statusText}.`, {
    status: response.status,
    code: word('code') ?? 'UNKNOWN',
    title: word('title') ?? 'Something went wrong',
    remedy: word('remedy'),
    traceId: word('traceId'),
    fields: problem['errors'] as readonly FieldFault[] | undefined,
  });
}
