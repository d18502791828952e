/** What a message says, whatever it is written in: mail, plain text, chat. */
export interface Message {
  /** One line. */
  readonly subject: string;
  /** A word or two above the title, such as `CRITICAL`. */
  readonly badge: string;
  readonly tone: Tone;
  readonly title: string;
  readonly blocks: readonly Block[];
  readonly footer: string;
}

export type Tone = 'critical' | 'warning' | 'info' | 'good';

export interface Cell {
  readonly text: string;
  readonly tone?: Tone;
}

export type Block =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'heading'; readonly text: string }
  | { readonly kind: 'facts'; readonly facts: readonly (readonly [label: string, value: string])[] }
  | { readonly kind: 'list'; readonly title: string; readonly items: readonly Cell[] }
  | { readonly kind: 'command'; readonly text: string }
  /** The first column names the row, the others are figures. */
  | { readonly kind: 'table'; readonly head: readonly string[]; readonly rows: readonly (readonly Cell[])[] };
