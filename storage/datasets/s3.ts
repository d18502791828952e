import { paginateListObjectsV2, S3Client } from '@aws-sdk/client-s3';
import type { DatasetLocation } from '../../contracts/dataset-location.ts';
import { PerennialError } from '../../contracts/errors.ts';
import type { DatasetObject, DatasetSource } from '../../domain/ports/datasets.ts';
import { SpanKind, tracedWithin } from '../../telemetry/tracing.ts';

export interface S3Settings {
  /** Of a store other than Amazon's; addresses then have the bucket in their path. */
  readonly endpoint: string | undefined;
  /** Default: what the AWS configuration of the machine says; `us-east-1` with an endpoint. */
  readonly region: string | undefined;
}

/** Credentials are those of the AWS environment: variables, profile, or the role of the machine or pod. */
export function openS3({ endpoint, region }: S3Settings): S3Client {
  const client = new S3Client({
    ...(endpoint ? { endpoint, forcePathStyle: true, region: region ?? 'us-east-1' } : {}),
    ...(region ? { region } : {}),
  });
  client.middlewareStack.add(
    (next, { commandName = '' }) =>
      (args) =>
        tracedCall(commandName.replace(/Command$/, ''), args.input as Partial<ObjectAddress>, () => next(args)),
    { step: 'initialize', name: 'perennialTracing' },
  );
  return client;
}

interface ObjectAddress {
  readonly Bucket: string;
  readonly Key: string;
}

/** A call with its retries as a span; of an object it is over when its first byte has come. */
function tracedCall<T>(method: string, { Bucket, Key }: Partial<ObjectAddress>, work: () => Promise<T>): Promise<T> {
  const attributes = {
    'rpc.system': 'aws-api',
    'rpc.service': 'S3',
    'rpc.method': method,
    ...(Bucket === undefined ? {} : { 'aws.s3.bucket': Bucket }),
    ...(Key === undefined ? {} : { 'aws.s3.key': Key }),
  };
  return tracedWithin(`S3/${method}`, { kind: SpanKind.CLIENT, attributes }, work);
}

/**
 * What lies under a prefix. The store shows an object only when all of it has come, so none is unfinished. `list` throws
 * UNAVAILABLE while it cannot be read.
 */
export function s3Source(
  client: S3Client,
  { bucket, prefix }: Extract<DatasetLocation, { kind: 's3' }>,
): DatasetSource {
  const address = `s3://${bucket}/${prefix}`;
  return {
    isAtomic: true,
    uri: (path) => address + path,
    async list() {
      const found: DatasetObject[] = [];
      try {
        for await (const page of paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: prefix })) {
          for (const { Key = '', Size = 0, LastModified, ETag = '' } of page.Contents ?? []) {
            // Consoles make such objects to show a folder.
            if (Key.endsWith('/')) continue;
            const path = Key.slice(prefix.length);
            found.push({
              path,
              size: Size,
              modifiedMs: LastModified?.getTime() ?? 0,
              version: ETag.replaceAll('"', ''),
            });
          }
        }
      } catch (error) {
        throw new PerennialError('UNAVAILABLE', `${address} cannot be listed: ${reasonOf(error)}.`, {
          remedy: 'Check that the bucket is there, and that the credentials of the events role may list it.',
          cause: error,
        });
      }
      return found;
    },
    watch: () => () => {},
  };
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.message && error.message !== error.name ? `${error.name}: ${error.message}` : error.name;
}
