import type { Overview } from '../../../contracts/overview.ts';
import { list, plural } from '../../format/number.ts';

/** The state of everything in a sentence or two: what is wrong first. */
export function answerOf({ pipelines, attention }: Overview): string {
  if (pipelines.every(({ state }) => state === 'never-run'))
    return 'Nothing has run yet. Start a pipeline, or put one on a schedule.';
  const urgent = attention.filter(({ severity, acknowledged }) => severity === 'critical' && !acknowledged);
  const bad = pipelines.filter(({ state }) => state === 'failed' || state === 'late');
  const state =
    bad.length > 0
      ? bad.map(({ sentence }) => sentence).join(' ')
      : urgent.length > 0
        ? 'The pipelines are well, but something needs you now.'
        : attention.length > 0
          ? 'The pipelines are well.'
          : 'Everything is well.';
  const running = pipelines.filter((pipeline) => pipeline.running > 0).map(({ title }) => title);
  const rest = [
    attention.length > 0
      ? `${plural(attention.length, 'thing')} ${attention.length === 1 ? 'needs' : 'need'} a person`
      : '',
    running.length > 0 ? `${list(running)} ${running.length === 1 ? 'is' : 'are'} running` : '',
  ].filter(Boolean);
  return rest.length > 0 ? `${state} ${capital(rest.join('; '))}.` : state;
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
