import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { Readable } from 'node:stream';
import { text as readText } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { PerennialError } from '../contracts/errors.ts';
import type { Json } from '../contracts/json.ts';
import { errorOfProblem, readProblem } from '../contracts/problems.ts';

/** An event of a run as the API streams it. */
export interface StreamedEvent {
  readonly id: number;
  readonly type: string;
  readonly data: Readonly<Record<string, Json>>;
}

/** How long a watcher keeps trying to reach an API that went away: a restart takes seconds. */
const reconnectMs = 60_000;
const waitMs = 500;

/** The HTTP API, with its problem documents as {@link PerennialError}s. */
export class ApiClient {
  readonly url: string;
  readonly #key: string | undefined;

  constructor(url: string, key: string | undefined) {
    this.url = url.replace(/\/$/, '');
    this.#key = key;
  }

  get<T>(path: string, query: Readonly<Record<string, string | number | undefined>> = {}): Promise<T> {
    const given = Object.entries(query).flatMap(([k, v]): [string, string][] =>
      v === undefined ? [] : [[k, String(v)]],
    );
    const search = given.length > 0 ? `?${new URLSearchParams(given)}` : '';
    return this.#call<T>('GET', path + search);
  }

  post<T>(path: string, body?: unknown, headers: Readonly<Record<string, string>> = {}): Promise<T> {
    return this.#call<T>('POST', path, body, headers);
  }

  put<T>(path: string, body: unknown): Promise<T> {
    return this.#call<T>('PUT', path, body);
  }

  patch<T>(path: string, body: unknown): Promise<T> {
    return this.#call<T>('PATCH', path, body);
  }

  delete<T = void>(path: string): Promise<T> {
    return this.#call<T>('DELETE', path);
  }

  /** Sends a file as the body while it is read. The answer may take as long as the server works on it. */
  async upload<T>(path: string, file: AsyncIterable<Uint8Array>, contentType: string): Promise<T> {
    const url = new URL(this.url + path);
    const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
    const request = send(url, {
      method: 'POST',
      headers: { 'content-type': contentType, ...(this.#key ? { authorization: `Bearer ${this.#key}` } : {}) },
    });
    const answered = once(request, 'response') as Promise<[IncomingMessage]>;
    try {
      // An answer may come before the end of the file: a refusal.
      await Promise.race([pipeline(Readable.from(file), request), answered]);
      const [message] = await answered;
      const text = await readText(message);
      const status = message.statusCode ?? 500;
      if (status < 400) return JSON.parse(text) as T;
      throw problemOf(text, `${status} ${message.statusMessage}`);
    } catch (error) {
      if (error instanceof PerennialError || (error as { syscall?: string }).syscall === 'open') throw error;
      throw this.#away(error);
    }
  }

  /** The body of an answer while it comes in. */
  async download(path: string): Promise<ReadableStream<Uint8Array>> {
    const response = await this.#fetch('GET', path, undefined, {});
    if (!response.ok || !response.body) throw await problemIn(response);
    return response.body;
  }

  /**
   * Events of a run from its first on, until it has ended; goes on after the last one seen when the connection breaks.
   * A run that was retried has ends in between.
   *
   * @throws UNAVAILABLE when the API stays away for a minute.
   */
  async *events(runId: string, signal?: AbortSignal): AsyncGenerator<StreamedEvent> {
    let last = 0;
    for (let awaySince: number | undefined; ; ) {
      try {
        const headers = { accept: 'text/event-stream', 'last-event-id': String(last) };
        const response = await this.#fetch('GET', `/v1/runs/${runId}/events`, undefined, headers, signal);
        if (!response.ok) throw await problemIn(response);
        awaySince = undefined;
        let delivered = 0;
        for await (const event of readEvents(response)) {
          last = event.id;
          delivered += 1;
          yield event;
        }
        // A server that stops ends its streams too: what it had no time to tell is asked for again.
        const { finishedAt } = await this.get<{ finishedAt: string | null }>(`/v1/runs/${runId}`);
        if (finishedAt !== null && delivered === 0) return;
      } catch (error) {
        const broken = !(error instanceof PerennialError) || error.code === 'UNAVAILABLE';
        awaySince ??= Date.now();
        if (signal?.aborted || !broken || Date.now() - awaySince > reconnectMs) throw error;
      }
      await delay(waitMs);
    }
  }

  async #call<T>(
    method: string,
    path: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<T> {
    const response = await this.#fetch(method, path, body, headers);
    if (!response.ok) throw await problemIn(response);
    return (response.status === 204 ? undefined : await response.json()) as T;
  }

  async #fetch(
    method: string,
    path: string,
    body: unknown,
    headers: Readonly<Record<string, string>>,
    signal?: AbortSignal,
  ): Promise<Response> {
    try {
      return await fetch(this.url + path, {
        method,
        headers: {
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
          ...(this.#key ? { authorization: `Bearer ${this.#key}` } : {}),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        ...(signal ? { signal } : {}),
      });
    } catch (error) {
      if (signal?.aborted) throw error;
      throw this.#away(error);
    }
  }

  #away(cause: unknown): PerennialError {
    return new PerennialError('UNAVAILABLE', `The API at ${this.url} does not answer.`, {
      remedy: 'Check that Perennial runs there (`perennial doctor`), or set PERENNIAL_URL.',
      cause,
    });
  }
}

async function problemIn(response: Response): Promise<PerennialError> {
  return problemOf(await response.text(), `${response.status} ${response.statusText}`);
}

function problemOf(text: string, status: string): PerennialError {
  return errorOfProblem(readProblem(text), {
    code: 'UNAVAILABLE',
    message: `The API answered ${status}.`,
    remedy: 'Check PERENNIAL_URL: something else may answer there.',
  });
}

async function* readEvents(response: Response): AsyncGenerator<StreamedEvent> {
  let messages: EventSourceMessage[] = [];
  const parser = createParser({ onEvent: (message) => messages.push(message) });
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    parser.feed(decoder.decode(chunk as Uint8Array, { stream: true }));
    const ready = messages;
    messages = [];
    for (const { id, event, data } of ready) {
      yield { id: Number(id), type: event ?? '', data: JSON.parse(data) as StreamedEvent['data'] };
    }
  }
}
