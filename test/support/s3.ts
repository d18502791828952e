import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { freePort } from '../../workers/embedded/free-port.ts';
import { startProgram } from '../../workers/embedded/servers.ts';

/** The S3 server that set-up found, or null: then tests of object stores are skipped. */
export const s3Server: string | null =
  [
    process.env['S3_SERVER'] ?? '',
    fileURLToPath(new URL('../../.perennial/tools/bin/versitygw', import.meta.url)),
    ...(process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, 'versitygw')),
  ].find((path) => path !== '' && existsSync(path)) ?? null;

export interface S3 {
  readonly endpoint: string;
  readonly client: S3Client;
  /** With `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY` that the server takes. */
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  bucket(): Promise<string>;
  stop(): Promise<void>;
}

/** A real S3 server over a folder of its own. */
export async function startS3(): Promise<S3> {
  const home = mkdtempSync(join(tmpdir(), 'perennial-s3-'));
  const [data, meta] = [join(home, 'data'), join(home, 'meta')];
  for (const folder of [data, meta]) mkdirSync(folder);
  const credentials = { accessKeyId: 'test', secretAccessKey: randomBytes(16).toString('hex') };
  const port = await freePort();
  const args = ['--access', credentials.accessKeyId, '--secret', credentials.secretAccessKey];
  const server = await startProgram(
    's3',
    s3Server ?? 'versitygw',
    [...args, '--port', `127.0.0.1:${port}`, '--quiet', 'posix', '--sidecar', meta, data],
    port,
    join(home, 's3.log'),
  );
  const endpoint = `http://127.0.0.1:${port}`;
  const client = new S3Client({ endpoint, credentials, region: 'us-east-1', forcePathStyle: true });
  return {
    endpoint,
    client,
    credentials,
    async bucket() {
      const name = `b-${randomBytes(6).toString('hex')}`;
      await client.send(new CreateBucketCommand({ Bucket: name }));
      return name;
    },
    async stop() {
      client.destroy();
      await server.stop();
      rmSync(home, { recursive: true, force: true });
    },
  };
}
