import type { ArtifactRef } from '../../contracts/artifacts.ts';

/** Immutable content, addressed by its sha256. Storing the same content twice gives the same reference. */
export interface ArtifactStore {
  putBytes(content: Uint8Array): Promise<ArtifactRef>;
  /** Stores what a stream gives. When it breaks off, nothing is stored, and its error is thrown. */
  putStream(content: AsyncIterable<Uint8Array>): Promise<ArtifactRef>;
  /** Streams a local file in; the file itself stays. */
  putFile(path: string): Promise<ArtifactRef>;
  /** The content. ARTIFACT_MISSING when it is gone, ARTIFACT_CORRUPT when its hash differs. */
  getBytes(ref: ArtifactRef): Promise<Uint8Array>;
  /** Path of a local copy, verified. Read only. */
  getFile(ref: ArtifactRef): Promise<string>;
  has(ref: ArtifactRef): Promise<boolean>;
}

/** Small mutable files a step leaves behind so that its next attempt can go on (training checkpoints). */
export interface CheckpointStore {
  /** Atomic: a reader sees the old or the new content, never a part. */
  save(key: string, content: Uint8Array): Promise<void>;
  load(key: string): Promise<Uint8Array | null>;
  remove(key: string): Promise<void>;
}
