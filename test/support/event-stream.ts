import { createParser } from 'eventsource-parser';

export interface StreamedEvent {
  readonly type: string;
  readonly id: string | undefined;
  readonly data: unknown;
}

/** A stream of server-sent events as a client reads it. */
export interface OpenEventStream {
  readonly response: Response;
  /** All that came so far. */
  readonly events: readonly StreamedEvent[];
  /** Reads on until an event is what is wanted; throws when the stream ends before. */
  until(isWanted: (event: StreamedEvent) => boolean): Promise<StreamedEvent>;
  /** Reads on until the stream ends. */
  end(): Promise<void>;
  close(): void;
}

export async function openEventStream(url: string, headers: Record<string, string>): Promise<OpenEventStream> {
  const client = new AbortController();
  const response = await fetch(url, { headers, signal: client.signal });
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  const events: StreamedEvent[] = [];
  const parser = createParser({
    onEvent: ({ event = 'message', id, data }) => events.push({ type: event, id, data: JSON.parse(data) as unknown }),
  });
  const read = async (): Promise<boolean> => {
    const part = await reader?.read();
    if (part?.value) parser.feed(part.value);
    return part !== undefined && !part.done;
  };
  let looked = 0;
  return {
    response,
    events,
    async until(isWanted) {
      for (;;) {
        while (looked < events.length) {
          const event = events[looked++] as StreamedEvent;
          if (isWanted(event)) return event;
        }
        if (!(await read())) throw new Error(`the stream has ended after ${JSON.stringify(events)}`);
      }
    },
    async end() {
      while (await read());
    },
    close: () => client.abort(),
  };
}
