import { createWriteStream } from 'node:fs';
import { rename } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { GetObjectCommand, paginateListObjectsV2, type S3Client, type S3ServiceException } from '@aws-sdk/client-s3';
import { PerennialError } from '../../contracts/errors.ts';
import type { SourceFile, SourceReader, SourceRequest } from '../../domain/ports/sources.ts';
import { openS3, type S3Settings } from '../datasets/s3.ts';
import { withDiskFull } from './disk.ts';
import { kindOf, newFile, wanted } from './files.ts';

/** Objects fetched side by side. */
const parallel = 4;

interface Found {
  readonly key: string;
  readonly size: number;
}

/** The objects below a prefix in the order of their keys, or the one object named, streamed to this machine. */
export async function s3Files(
  settings: S3Settings,
  { bucket, prefix }: { readonly bucket: string; readonly prefix: string },
  request: SourceRequest,
  { folder, signal, progress }: Parameters<SourceReader['bring']>[1],
): Promise<SourceFile[]> {
  const client = openS3(settings);
  const address = `s3://${bucket}/${prefix}`;
  try {
    const objects = await list(client, bucket, prefix, request, address, signal);
    if (objects.length === 0) {
      throw new PerennialError('SOURCE_INVALID', `The source "${address}" holds no file to read.`, {
        remedy: 'Name a prefix with .csv, .csv.gz or .parquet files, or say by `files` of the mapping which they are.',
      });
    }
    const total = objects.reduce((sum, { size }) => sum + size, 0);
    let done = 0;
    const files: SourceFile[] = [];
    for (let at = 0; at < objects.length; at += parallel) {
      const part = await Promise.all(
        objects.slice(at, at + parallel).map(async ({ key }) => {
          const name = `s3://${bucket}/${key}`;
          const path = newFile(folder);
          await guarded(`${name} cannot be read`, signal, async () => {
            const options = signal ? { abortSignal: signal } : {};
            const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }), options);
            const count = async function* (chunks: AsyncIterable<Buffer>) {
              for await (const chunk of chunks) {
                done += chunk.length;
                progress?.(Math.round(done / 2 ** 20), Math.max(1, Math.round(total / 2 ** 20)), 'MiB');
                yield chunk;
              }
            };
            await withDiskFull(() =>
              pipeline(Body as Readable, count, createWriteStream(path), signal ? { signal } : {}),
            );
          });
          return named(path, name);
        }),
      );
      files.push(...part);
    }
    return files;
  } finally {
    client.destroy();
  }
}

/** DuckDB tells by the name whether a file is packed. */
async function named(path: string, name: string): Promise<SourceFile> {
  const { kind, isGzip } = await kindOf(path);
  const final = `${path}${isGzip ? '.csv.gz' : kind === 'parquet' ? '.parquet' : '.csv'}`;
  await rename(path, final);
  return { path: final, name, kind };
}

async function list(
  client: S3Client,
  bucket: string,
  prefix: string,
  request: SourceRequest,
  address: string,
  signal: AbortSignal | undefined,
): Promise<Found[]> {
  const isWanted = wanted(request);
  const found: Found[] = [];
  await guarded(`${address} cannot be listed`, signal, async () => {
    for await (const page of paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: prefix })) {
      signal?.throwIfAborted();
      for (const { Key = '', Size = 0 } of page.Contents ?? []) {
        // `sales` means what lies in the folder, not `sales-old/` beside it.
        const below = prefix === '' || prefix.endsWith('/') || Key.startsWith(`${prefix}/`);
        if (Key === prefix || (below && isWanted(basename(Key)))) found.push({ key: Key, size: Size });
      }
    }
  });
  return found.filter(({ key }) => !key.endsWith('/')).slice(0, request.sample?.files);
}

const refusals = new Set([
  'NoSuchBucket',
  'NoSuchKey',
  'AccessDenied',
  'InvalidAccessKeyId',
  'SignatureDoesNotMatch',
  'Forbidden',
]);

async function guarded(what: string, signal: AbortSignal | undefined, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof PerennialError) throw error;
    const { name, message } = error as S3ServiceException;
    const reason = message && message !== name ? `${name}: ${message}` : name;
    throw new PerennialError(refusals.has(name) ? 'SOURCE_INVALID' : 'UNAVAILABLE', `${what}: ${reason}.`, {
      remedy: 'Check the bucket, AWS_ENDPOINT_URL_S3, and that the AWS credentials of this process may read it.',
      cause: error,
    });
  }
}
