import type { HttpAccess, PostgresAccess } from '../../contracts/source-access.ts';

/** A file on this machine, with the name it has where it came from. */
export interface SourceFile {
  readonly path: string;
  /** For people: never with a password or a signature in it. */
  readonly name: string;
  readonly kind: 'text' | 'parquet';
  /** Written by us: UTF-8 with commas, quotes and a header, whatever the mapping says of text files. */
  readonly plain?: { readonly numbers: readonly string[] };
}

export interface SourceRequest {
  /** A folder or file, `s3://bucket/prefix`, `postgres://…` or `http(s)://…`. */
  readonly location: string;
  /** Which files of a folder or prefix; `*` and `?` stand for any text and character. Default: all that can be read. */
  readonly files?: string;
  /** Names of files to leave out. */
  readonly except?: readonly string[];
  /** Files and rows at most, to look at what there is; default: all. */
  readonly sample?: { readonly files: number; readonly rows: number };
  readonly postgres?: PostgresAccess;
  readonly http?: HttpAccess;
}

/** Brings tables from wherever they are onto this machine, where the SQL engine reads them. */
export interface SourceReader {
  /**
   * Files of a folder stay where they are; others are streamed below `folder`, whatever their size.
   *
   * @throws SOURCE_INVALID for what the caller has to correct, UNAVAILABLE when a server does not answer; neither holds a
   * secret.
   */
  bring(
    request: SourceRequest,
    options: {
      readonly folder: string;
      readonly signal?: AbortSignal;
      readonly progress?: (done: number, total: number, unit: string) => void;
    },
  ): Promise<SourceFile[]>;
}
