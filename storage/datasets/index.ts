import { parseDatasetLocation } from '../../contracts/dataset-location.ts';
import type { DatasetSource } from '../../domain/ports/datasets.ts';
import { folderSource } from './folder.ts';
import { openS3, type S3Settings, s3Source } from './s3.ts';

/** Opens what `location` names, an absolute path or `s3://bucket/prefix`; sources of one store share its connections. */
export function createDatasetSources(s3: S3Settings): (location: string) => DatasetSource {
  let client: ReturnType<typeof openS3> | undefined;
  return (text) => {
    const location = parseDatasetLocation(text);
    if (location.kind === 'folder') return folderSource(location.path);
    client ??= openS3(s3);
    return s3Source(client, location);
  };
}
