import { crc32, deflateRawSync, inflateRawSync } from 'node:zlib';
import { invalid } from './document.ts';

/** Bounds that keep a hostile archive from taking memory or time. */
export interface ZipLimits {
  readonly entries: number;
  /** Bytes of one part that is read. */
  readonly part: number;
  /** Bytes of all parts that are read. */
  readonly total: number;
}

interface Entry {
  readonly name: Buffer;
  readonly versionMade: number;
  readonly flags: number;
  readonly method: number;
  readonly time: number;
  readonly crc: number;
  readonly size: number;
  readonly packed: Uint8Array;
  readonly attributes: number;
}

const signatures = { local: 0x04034b50, central: 0x02014b50, end: 0x06054b50 } as const;
const methods = { stored: 0, deflated: 8 } as const;
/** Of the flags: the part is encrypted; its sizes stand behind it; its name is UTF-8. */
const flag = { encrypted: 1, sizesBehind: 8, utf8: 0x800 } as const;

/**
 * A zip archive in memory. Parts that are not replaced are written again as they were packed, with their times and
 * attributes. A part is unpacked when it is asked for, up to the limits whatever it says of its size, and its checksum is
 * compared. Archives beyond 4 GiB (ZIP64) and encrypted ones are refused.
 */
export class Zip {
  readonly #entries = new Map<string, Entry>();
  readonly #limits: ZipLimits;
  #read = 0;

  /** @throws SOURCE_INVALID for what is no archive, or a cut one. */
  constructor(bytes: Uint8Array, limits: ZipLimits) {
    this.#limits = limits;
    const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (const entry of directoryOf(data, limits.entries)) {
      const name = entry.name.toString('utf8');
      // Two readers could see two different documents.
      if (this.#entries.has(name)) throw broken(`it has two parts "${name.slice(0, 100)}"`);
      this.#entries.set(name, entry);
    }
  }

  get names(): string[] {
    return [...this.#entries.keys()];
  }

  /** The content of a part; null when there is none of that name. */
  read(name: string): Uint8Array | null {
    const entry = this.#entries.get(name);
    if (!entry) return null;
    const { part, total } = this.#limits;
    const most = Math.min(part, total - this.#read);
    if (entry.size > most) throw tooLarge(name, most);
    const content = unpack(entry, name, most);
    this.#read += content.length;
    if (content.length !== entry.size || crc32(content) !== entry.crc) throw broken(`the part "${name}" is damaged`);
    return content;
  }

  /** Puts another content in the place of a part's. */
  replace(name: string, content: Uint8Array): void {
    const entry = this.#entries.get(name);
    if (!entry) throw new Error(`there is no part ${name}`);
    const isStored = entry.method === methods.stored;
    this.#entries.set(name, {
      ...entry,
      crc: crc32(content),
      size: content.length,
      packed: isStored ? content : deflateRawSync(content),
    });
  }

  /** The archive, its parts in their order. */
  write(): Uint8Array {
    const parts: Uint8Array[] = [];
    const directory: Uint8Array[] = [];
    let at = 0;
    for (const entry of this.#entries.values()) {
      const local = Buffer.alloc(30);
      local.writeUInt32LE(signatures.local, 0);
      local.writeUInt16LE(20, 4);
      writeCommon(local, 6, entry);
      const central = Buffer.alloc(46);
      central.writeUInt32LE(signatures.central, 0);
      central.writeUInt16LE(entry.versionMade, 4);
      central.writeUInt16LE(20, 6);
      writeCommon(central, 8, entry);
      central.writeUInt32LE(entry.attributes, 38);
      central.writeUInt32LE(at, 42);
      parts.push(local, entry.name, entry.packed);
      directory.push(central, entry.name);
      at += local.length + entry.name.length + entry.packed.length;
    }
    const size = directory.reduce((sum, { length }) => sum + length, 0);
    const end = Buffer.alloc(22);
    end.writeUInt32LE(signatures.end, 0);
    end.writeUInt16LE(this.#entries.size, 8);
    end.writeUInt16LE(this.#entries.size, 10);
    end.writeUInt32LE(size, 12);
    end.writeUInt32LE(at, 16);
    return Buffer.concat([...parts, ...directory, end]);
  }
}

/** Flags to the length of extra fields, which both headers have in this order. */
function writeCommon(header: Buffer, at: number, { flags, method, time, crc, size, packed, name }: Entry): void {
  header.writeUInt16LE(flags & ~flag.sizesBehind, at);
  header.writeUInt16LE(method, at + 2);
  header.writeUInt32LE(time, at + 4);
  header.writeUInt32LE(crc, at + 8);
  header.writeUInt32LE(packed.length, at + 12);
  header.writeUInt32LE(size, at + 16);
  header.writeUInt16LE(name.length, at + 20);
}

/** The entries of the central directory; the sizes it gives are those that count. */
function* directoryOf(data: Buffer, most: number): Generator<Entry> {
  const end = endOf(data);
  const count = data.readUInt16LE(end + 10);
  let at = data.readUInt32LE(end + 16);
  if (count > most) throw invalid(`The archive has ${count} parts, more than ${most}.`, 'Give a document.');
  for (let i = 0; i < count; i++) {
    if (at + 46 > end || data.readUInt32LE(at) !== signatures.central) throw broken('its directory is damaged');
    const flags = data.readUInt16LE(at + 8);
    const [packedSize, size, offset] = [20, 24, 42].map((field) => data.readUInt32LE(at + field)) as [
      number,
      number,
      number,
    ];
    const nameLength = data.readUInt16LE(at + 28);
    const name = data.subarray(at + 46, at + 46 + nameLength);
    if (flags & flag.encrypted) {
      throw invalid('The document is protected by a password.', 'Save it without a password.');
    }
    if (offset + 30 > data.length || data.readUInt32LE(offset) !== signatures.local) {
      throw broken(`the part "${name.toString('utf8').slice(0, 100)}" is not where the directory says`);
    }
    const from = offset + 30 + data.readUInt16LE(offset + 26) + data.readUInt16LE(offset + 28);
    if (from + packedSize > end) throw broken(`the part "${name.toString('utf8').slice(0, 100)}" is cut`);
    yield {
      name,
      versionMade: data.readUInt16LE(at + 4),
      flags,
      method: data.readUInt16LE(at + 10),
      time: data.readUInt32LE(at + 12),
      crc: data.readUInt32LE(at + 16),
      size,
      packed: data.subarray(from, from + packedSize),
      attributes: data.readUInt32LE(at + 38),
    };
    at += 46 + nameLength + data.readUInt16LE(at + 30) + data.readUInt16LE(at + 32);
  }
}

/** Where the end of the directory stands: behind it there is at most a comment. */
function endOf(data: Buffer): number {
  for (let at = data.length - 22; at >= Math.max(0, data.length - 22 - 0xffff); at--) {
    if (data.readUInt32LE(at) === signatures.end && at + 22 + data.readUInt16LE(at + 20) === data.length) return at;
  }
  throw broken('its end is missing: it may be cut');
}

function unpack({ method, packed }: Entry, name: string, most: number): Uint8Array {
  if (method === methods.stored) return packed;
  if (method !== methods.deflated) throw broken(`the part "${name}" is packed in a way that OOXML does not have`);
  try {
    return inflateRawSync(packed, { maxOutputLength: Math.max(1, most) });
  } catch (error) {
    if ((error as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(name, most);
    throw broken(`the part "${name}" is damaged`);
  }
}

function broken(what: string): Error {
  return invalid(`The file is no readable zip archive: ${what}.`, 'Open it in its program and save it again.');
}

function tooLarge(name: string, most: number): Error {
  return invalid(
    `The part "${name.slice(0, 100)}" is larger unpacked than ${Math.floor(most / 2 ** 20)} MiB.`,
    'Divide the document into several.',
  );
}
