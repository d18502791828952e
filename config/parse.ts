import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { type Role, roles } from '../contracts/keys.ts';

/** A value of the environment that does not fit, in words. */
export class Fault extends Error {}

/** A text; empty counts as not given. */
export const text = (fallback?: string) => (value: string | undefined) => value || fallback;
/** A folder, absolute; `~/` is the home of the user. */
export const path = (fallback: string) => (value: string | undefined) => {
  const given = value || fallback;
  return resolve(given.startsWith('~/') ? given.replace('~', homedir()) : given);
};
/** One of some words. */
export const oneOf =
  <const T extends string>(values: readonly T[], fallback: T) =>
  (value: string | undefined): T => {
    if (!value) return fallback;
    const found = values.find((v) => v === value);
    if (!found) throw new Fault(`must be one of ${values.join(', ')}`);
    return found;
  };
/** A whole number within bounds. */
export const integer = (fallback: number, least: number, most: number) => (value: string | undefined) => {
  if (!value) return fallback;
  const n = Number(value);
  if (!Number.isInteger(n) || n < least || n > most) throw new Fault(`must be a whole number from ${least} to ${most}`);
  return n;
};
/** A URL of some protocols, such as `https:`. */
export const url = (protocols: readonly string[]) => (value: string | undefined) => {
  if (!value) return undefined;
  if (!URL.canParse(value) || !protocols.includes(new URL(value).protocol)) {
    throw new Fault(`must be a URL beginning with ${protocols.map((p) => `${p}//`).join(' or ')}`);
  }
  return value;
};
/** An address of mail, with a name or without. */
export const mailAddress = (value: string | undefined) => {
  if (value && !/^[^<>@\s]+@[^<>@\s]+$|^[^<>]*<[^<>@\s]+@[^<>@\s]+>$/.test(value))
    throw new Fault('must be an address, for example Perennial <perennial@example.com>');
  return value || undefined;
};
/** 32 bytes, as base64 or hexadecimal. */
export const secretKey = (value: string | undefined) => {
  if (!value) return undefined;
  const key = Buffer.from(value, /^[0-9a-f]{64}$/i.test(value) ? 'hex' : 'base64');
  if (key.length !== 32) throw new Fault('must be 32 bytes as base64 or hexadecimal, see `openssl rand -base64 32`');
  return key;
};
/** Names with the roles they need: `champion=admin,stable=operator`. */
export const protection = (fallback: Readonly<Record<string, Role>>) => (value: string | undefined) => {
  if (!value) return fallback;
  const entries = value.split(',').map((part) => {
    const [alias = '', role] = part.trim().split('=');
    const known = roles.find((r) => r === role);
    if (!/^[a-z][a-z0-9-]{0,40}$/.test(alias) || !known)
      throw new Fault(
        `must be alias=role, joined by commas, for example champion=admin; roles are ${roles.join(', ')}`,
      );
    return [alias, known] as const;
  });
  return Object.fromEntries(entries);
};
/** `host:port`. */
export const address = (value: string | undefined) => {
  if (!value) return undefined;
  const port = Number(/^[^\s:/]+:(\d{1,5})$/.exec(value)?.[1] ?? 0);
  if (port < 1 || port > 65535) throw new Fault('must be host:port, for example temporal:7233');
  return value;
};
/** A number within bounds. */
export const number = (fallback: number, least: number, most: number) => (value: string | undefined) => {
  if (!value) return fallback;
  const n = Number(value);
  if (Number.isNaN(n) || n < least || n > most) throw new Fault(`must be a number from ${least} to ${most}`);
  return n;
};
/** `name=value` pairs joined by commas, percent-encoded, as OpenTelemetry writes them. */
export const pairs = (value: string | undefined): Readonly<Record<string, string>> => {
  const entries = (value ?? '')
    .split(',')
    .filter((part) => part.trim() !== '')
    .map((part) => {
      const [, name, text] = /^\s*([^=\s]+)\s*=\s*(.*?)\s*$/.exec(part) ?? [];
      if (name === undefined || text === undefined) throw new Fault('must be name=value, joined by commas');
      try {
        return [decodeURIComponent(name), decodeURIComponent(text)] as const;
      } catch {
        throw new Fault(`has a value for ${name} whose percent encoding is not valid`);
      }
    });
  return Object.fromEntries(entries);
};
/** `true` or `false`. */
export const flag = (value: string | undefined): boolean => {
  if (!value) return false;
  if (!/^(true|false)$/i.test(value)) throw new Fault('must be true or false');
  return value.toLowerCase() === 'true';
};
