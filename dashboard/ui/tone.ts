/** What colours mean here, and all they mean. */
export type Tone = 'ok' | 'running' | 'late' | 'failed' | 'paused' | 'skipped' | 'waiting';
