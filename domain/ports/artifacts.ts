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
  /**
   * The content while it is read. ARTIFACT_MISSING when it is gone; ARTIFACT_CORRUPT at its end when its hash differs.
   */
  getStream(ref: ArtifactRef): Promise<AsyncIterable<Uint8Array>>;
  has(ref: ArtifactRef): Promise<boolean>;
  /** Room for content that comes in together: none of it is in the store until all is. */
  stage(): ArtifactStage;
  /** Removes content unless it was stored again after `unless`. @returns whether it is gone. */
  remove(ref: ArtifactRef, unless: Date): Promise<boolean>;
}

/** Content that is on its way into a store; what the store has can be read through it as well. */
export interface ArtifactStage extends Pick<ArtifactStore, 'putStream' | 'getBytes'> {
  /** Puts all of it into the store. */
  commit(): Promise<void>;
  /** Forgets what was not committed. */
  discard(): Promise<void>;
}

/** Small mutable files a step leaves behind so that its next attempt can go on (training checkpoints). */
export interface CheckpointStore {
  /** Atomic: a reader sees the old or the new content, never a part. */
  save(key: string, content: Uint8Array): Promise<void>;
  load(key: string): Promise<Uint8Array | null>;
  remove(key: string): Promise<void>;
}
