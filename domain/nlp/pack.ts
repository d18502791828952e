import { PerennialError } from '../../contracts/errors.ts';
import type { JsonObject } from '../../contracts/json.ts';

export interface Pack {
  readonly kind: string;
  readonly version: number;
  readonly meta: JsonObject;
  readonly arrays: Readonly<Record<string, Float32Array>>;
}

const magic = 0x4e525250; // "PRRN"

/** One byte string of a JSON head and float32 arrays (little endian, aligned to 4 bytes): the format of models at rest. */
export function packBytes(pack: Pack): Uint8Array {
  const shapes = Object.entries(pack.arrays).map(([name, array]) => ({ name, length: array.length }));
  const head = new TextEncoder().encode(
    JSON.stringify({ kind: pack.kind, version: pack.version, meta: pack.meta, arrays: shapes }),
  );
  const start = 8 + Math.ceil(head.length / 4) * 4;
  const bytes = new Uint8Array(start + 4 * shapes.reduce((sum, s) => sum + s.length, 0));
  const view = new DataView(bytes.buffer);
  view.setUint32(0, magic, true);
  view.setUint32(4, head.length, true);
  bytes.set(head, 8);
  let at = start;
  for (const array of Object.values(pack.arrays)) {
    bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), at);
    at += array.byteLength;
  }
  return bytes;
}

/** Reads {@link packBytes}. Throws MODEL_FORMAT when the bytes are something else, cut short, or of another version. */
export function unpackBytes(bytes: Uint8Array, kind: string, version: number): Pack {
  const fault = (message: string, cause?: unknown) =>
    new PerennialError('MODEL_FORMAT', `The bytes of ${kind} ${message}`, {
      remedy: 'Train the model again with this version of the software.',
      ...(cause === undefined ? {} : { cause }),
    });
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 8 || view.getUint32(0, true) !== magic) throw fault('do not begin with the mark of a model');
  const length = view.getUint32(4, true);
  if (8 + length > bytes.length) throw fault('end within their head');
  let head: { kind: string; version: number; meta: JsonObject; arrays: { name: string; length: number }[] };
  try {
    head = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
  } catch (cause) {
    throw fault('have a head that is not JSON', cause);
  }
  if (head.kind !== kind) throw fault(`hold a ${head.kind}`);
  if (head.version !== version) throw fault(`have version ${head.version}; this software reads version ${version}`);
  const arrays: Record<string, Float32Array> = {};
  let at = 8 + Math.ceil(length / 4) * 4;
  for (const { name, length: count } of head.arrays) {
    if (at + 4 * count > bytes.length) throw fault(`end within the array ${name}`);
    // A copy of its own: a Buffer's slice would share the memory of what was read.
    arrays[name] = new Float32Array(count);
    new Uint8Array(arrays[name].buffer).set(bytes.subarray(at, at + 4 * count));
    at += 4 * count;
  }
  return { kind, version, meta: head.meta, arrays };
}

/** Packed bytes as an array of other packed bytes: they are a multiple of four long, and are only copied. */
export function packNested(bytes: Uint8Array): Float32Array {
  return new Float32Array(bytes.slice().buffer);
}

/** Reads {@link packNested}. */
export function nestedBytes(array: Float32Array): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}
