import { type Command, InvalidArgumentError } from 'commander';
import { type Config, loadConfig } from '../config/index.ts';
import { createTerminal, type Terminal } from './terminal.ts';

export interface Context {
  readonly config: Config;
  readonly terminal: Terminal;
}

/** Configuration and terminal for a command's action; `command` is the last argument that commander hands over. */
export function contextOf(command: Command): Context {
  return { terminal: createTerminal(command.optsWithGlobals()['json'] === true), config: loadConfig() };
}

/** Parses an option that is a whole number from `least` to `most`; default: no upper end. */
export function wholeNumber(least: number, most = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === '' || !Number.isInteger(value) || value < least || value > most) {
      const upTo = most === Number.MAX_SAFE_INTEGER ? '' : ` to ${most}`;
      throw new InvalidArgumentError(`It must be a whole number from ${least}${upTo}.`);
    }
    return value;
  };
}

/** Parses an option that is a day, YYYY-MM-DD. */
export function day(text: string): string {
  const time = Date.parse(`${text}T00:00:00Z`);
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text) || Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== text)
    throw new InvalidArgumentError('It must be a day such as 2011-10-09.');
  return text;
}

/** Gathers `--param key=value`; a value that is JSON is taken as such, anything else as text. */
export function parameter(text: string, before: Record<string, unknown> = {}): Record<string, unknown> {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('It must be key=value, for example asOf=2011-10-09.');
  const value = text.slice(at + 1);
  return {
    ...before,
    [text.slice(0, at)]: /^(-?\d+(\.\d+)?|true|false|null|[[{"].*)$/s.test(value) ? jsonOr(value) : value,
  };
}

/** Gathers `--param name=expression`. */
export function expression(text: string, before: Readonly<Record<string, string>> = {}): Record<string, string> {
  const at = text.indexOf('=');
  if (at < 1 || at === text.length - 1)
    throw new InvalidArgumentError('It must be name=expression, for example market=event.data.market.');
  return { ...before, [text.slice(0, at)]: text.slice(at + 1) };
}

function jsonOr(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Gathers an option that may be given again. */
export function several(value: string, before: readonly string[] = []): string[] {
  return [...before, value];
}
