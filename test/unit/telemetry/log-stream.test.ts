import { expect, it, vi } from 'vitest';
import { logStream } from '../../../telemetry/log-stream.ts';

it('writes lines together after a while, many at once, and the rest at the exit', () => {
  vi.useFakeTimers();
  const before = process.listeners('exit');
  try {
    const written: string[] = [];
    const stream = logStream((lines) => written.push(lines));
    stream.write('a\n');
    stream.write('b\n');
    expect(written).toEqual([]);
    vi.advanceTimersByTime(100);
    expect(written).toEqual(['a\nb\n']);
    const long = 'c'.repeat(70_000);
    stream.write(long);
    expect(written.slice(1)).toEqual([long]);
    stream.write('d\n');
    const [exit] = process.listeners('exit').filter((listener) => !before.includes(listener));
    exit?.(0);
    expect(written.slice(2)).toEqual(['d\n']);
    vi.advanceTimersByTime(1000);
    expect(written).toHaveLength(3);
    if (exit) process.off('exit', exit);
  } finally {
    vi.useRealTimers();
  }
});
