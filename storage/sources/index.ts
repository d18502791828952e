import { parseSourceLocation } from '../../contracts/source-location.ts';
import type { SourceReader } from '../../domain/ports/sources.ts';
import type { S3Settings } from '../datasets/s3.ts';
import { folderFiles } from './folder.ts';
import { httpFiles } from './http.ts';
import { postgresTable } from './postgres.ts';
import { s3Files } from './s3.ts';

export interface SourceSettings {
  readonly s3: S3Settings;
  /** The value of an environment variable that a mapping names. */
  readonly secret: (name: string) => string | undefined;
}

/** Reads folders and files of this machine, prefixes of object stores, web addresses and tables of PostgreSQL. */
export function createSourceReader({ s3, secret }: SourceSettings): SourceReader {
  return {
    async bring(request, options) {
      const location = parseSourceLocation(request.location);
      if (location.kind === 'file') return folderFiles(location.path, request);
      if (location.kind === 's3') return s3Files(s3, location, request, options);
      if (location.kind === 'http') return httpFiles(location.url, request, options, secret);
      return postgresTable(location.url, request, options, secret);
    },
  };
}
