import { isAbsolute } from 'node:path';
import { PerennialError } from './errors.ts';

export type DatasetLocation =
  | { readonly kind: 'folder'; readonly path: string }
  /** `prefix` is empty or ends in `/`. */
  | { readonly kind: 's3'; readonly bucket: string; readonly prefix: string };

/** Rules of https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html that matter in an address. */
const s3Address = /^s3:\/\/(?<bucket>[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(?<prefix>.*))?$/;

/** Reads an absolute path or `s3://bucket/prefix`. VALIDATION_FAILED for anything else. */
export function parseDatasetLocation(location: string): DatasetLocation {
  const { bucket, prefix = '' } = s3Address.exec(location)?.groups ?? {};
  if (bucket) return { kind: 's3', bucket, prefix: prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/` };
  if (isAbsolute(location)) return { kind: 'folder', path: location };
  throw new PerennialError(
    'VALIDATION_FAILED',
    `location = "${location}" is neither an absolute path nor s3://bucket/prefix.`,
    {
      fields: [{ field: 'location', value: location, message: 'must be an absolute path or s3://bucket/prefix' }],
      remedy: 'Give a path as the events role sees it, such as /data/landing, or a prefix such as s3://sales/landing/.',
    },
  );
}
