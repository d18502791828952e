import { describe, expect, it } from 'vitest';
import { centredOn, criticalPath, pathAlong, reduced, widthOf } from '../../../dashboard/graph/model.ts';

describe('reduced', () => {
  it('leaves out edges that a longer way implies', () => {
    const edges = [
      { from: 'ingest', to: 'train' },
      { from: 'ingest', to: 'preprocess' },
      { from: 'preprocess', to: 'train' },
      { from: 'preprocess', to: 'publish' },
      { from: 'train', to: 'publish' },
    ];
    expect(reduced(edges).map(({ from, to }) => `${from} ${to}`)).toEqual([
      'ingest preprocess',
      'preprocess train',
      'train publish',
    ]);
  });
});

describe('criticalPath', () => {
  const step = (id: string, ms: number, ...needs: string[]) => ({ id, ms, needs });

  it('is the chain that took longest, without steps that took no time', () => {
    const steps = [
      step('ingest', 100),
      step('quick', 10, 'ingest'),
      step('slow', 200, 'ingest'),
      step('skipped', 0, 'slow'),
      step('publish', 5, 'quick', 'skipped'),
    ];
    expect(criticalPath(steps)).toEqual(['ingest', 'slow', 'publish']);
  });

  it('is empty before anything has run', () => {
    expect(criticalPath([step('ingest', 0), step('train', 0, 'ingest')])).toEqual([]);
  });
});

describe('drawing', () => {
  it('is as wide as the name needs, within bounds', () => {
    expect(widthOf({ title: 'a' })).toBe(156);
    expect(widthOf({ title: 'a'.repeat(25) })).toBe(232);
    expect(widthOf({ title: 'a'.repeat(200) })).toBe(288);
  });

  it('rounds the corners of a way', () => {
    const points = [
      { x: 0, y: 0 },
      { x: 20, y: 0 },
      { x: 20, y: 20 },
    ];
    expect(pathAlong(points)).toBe('M0,0L14,0Q20,0 20,6L20,20');
    expect(pathAlong([])).toBe('');
  });
});

describe('centredOn', () => {
  it('puts a place in the middle, but shows nothing beyond the ends of the graph', () => {
    expect(centredOn(1000, 400, 2000, 1, 16)).toBe(-800);
    expect(centredOn(50, 400, 2000, 1, 16)).toBe(16);
    expect(centredOn(1990, 400, 2000, 1, 16)).toBe(400 - 16 - 2000);
  });

  it('puts a graph that fits in the middle as a whole', () => expect(centredOn(10, 400, 200, 0.5, 16)).toBe(150));
});
