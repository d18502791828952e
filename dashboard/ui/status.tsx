import {
  Ban,
  CircleCheck,
  CircleDashed,
  CircleDot,
  CirclePause,
  CircleX,
  Clock,
  type LucideIcon,
  SkipForward,
  TriangleAlert,
} from 'lucide-react';
import type { ReactElement } from 'react';
import styles from './status.module.css';
import type { Tone } from './tone.ts';

export type { Tone };

interface Look {
  readonly tone: Tone;
  readonly icon: LucideIcon;
  readonly word: string;
}

const looks: Readonly<Record<string, Look>> = {
  succeeded: { tone: 'ok', icon: CircleCheck, word: 'Succeeded' },
  running: { tone: 'running', icon: CircleDot, word: 'Running' },
  queued: { tone: 'waiting', icon: Clock, word: 'Queued' },
  pending: { tone: 'waiting', icon: CircleDashed, word: 'Waiting' },
  paused: { tone: 'paused', icon: CirclePause, word: 'Paused' },
  failed: { tone: 'failed', icon: CircleX, word: 'Failed' },
  cancelled: { tone: 'skipped', icon: Ban, word: 'Cancelled' },
  skipped: { tone: 'skipped', icon: SkipForward, word: 'Skipped' },
  late: { tone: 'late', icon: TriangleAlert, word: 'Late' },
  ok: { tone: 'ok', icon: CircleCheck, word: 'OK' },
};

const byTone: Readonly<Record<Tone, LucideIcon>> = {
  ok: CircleCheck,
  running: CircleDot,
  late: TriangleAlert,
  failed: CircleX,
  paused: CirclePause,
  skipped: SkipForward,
  waiting: Clock,
};

/** How a status of a run or step looks; one that is not known looks as waiting, with its own word. */
export const lookOf = (status: string): Look => looks[status] ?? { tone: 'waiting', icon: CircleDashed, word: status };

export interface StatusProps {
  /** A status of a run, a step or the like. */
  readonly status: string;
  /** Default: the status's own. */
  readonly word?: string;
  /** Shows the shape alone; the word is read out. */
  readonly bare?: boolean;
}

/** A status as shape, colour and word. */
export function Status({ status, word, bare }: StatusProps): ReactElement {
  const look = lookOf(status);
  return <Mark tone={look.tone} icon={look.icon} word={word ?? look.word} bare={bare} />;
}

export interface MarkProps {
  readonly tone: Tone;
  readonly word: string;
  readonly icon?: LucideIcon | undefined;
  readonly bare?: boolean | undefined;
}

/** Any other state in one of the colours of status. */
export function Mark({ tone, word, icon: Icon = byTone[tone], bare }: MarkProps): ReactElement {
  return (
    <span className={styles.mark} data-tone={tone} title={bare ? word : undefined}>
      <Icon size={14} aria-hidden />
      <span className={bare ? 'hidden' : undefined}>{word}</span>
    </span>
  );
}

/** A short label on a ground of its colour: severities, environments, counts. */
export function Badge({ tone, children }: { readonly tone?: Tone; readonly children: string | number }): ReactElement {
  return (
    <span className={styles.badge} data-tone={tone}>
      {children}
    </span>
  );
}
