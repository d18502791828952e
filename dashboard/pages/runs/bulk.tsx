import { useQuery } from '@tanstack/react-query';
import { Ban, RotateCcw } from 'lucide-react';
import { type ReactElement, useState } from 'react';
import type { ErrorInfo } from '../../../contracts/errors.ts';
import type { RunBrief } from '../../../contracts/runs.ts';
import { links } from '../../app/links.ts';
import { useMay } from '../../app/session.ts';
import { plural } from '../../format/number.ts';
import { post } from '../../http/client.ts';
import { Button } from '../../ui/button.tsx';
import dialogStyles from '../../ui/dialog.module.css';
import { Dialog } from '../../ui/dialog.tsx';
import { GoButton } from '../../ui/go-button.tsx';
import { Failure, Loading } from '../../ui/states.tsx';
import { useAction } from '../../ui/use-action.ts';
import type { RunFilter } from './filter.ts';
import styles from './filter-bar.module.css';

type Action = 'cancel' | 'retry';

interface Answer {
  readonly runs: readonly string[];
  readonly done: number;
  readonly failed: readonly { readonly run: string; readonly error: ErrorInfo }[];
  readonly more: boolean;
}

export interface BulkProps {
  readonly chosen: ReadonlySet<string>;
  /** Rows that are loaded, to name those that are acted on. */
  readonly rows: readonly RunBrief[];
  /** Given when all rows are chosen and there may be more: the action can be on all that the filter finds. */
  readonly filter: RunFilter | null;
  readonly onDone: () => void;
}

/** What can be done to the chosen runs. */
export function Bulk(props: BulkProps): ReactElement {
  const { chosen, filter, onDone } = props;
  const [action, setAction] = useState<Action | null>(null);
  const [all, setAll] = useState(false);
  const may = useMay('operator');
  const isAll = all && filter !== null;
  // The older one is A.
  const [first, second] = props.rows.filter(({ id }) => chosen.has(id)).map(({ id }) => id);
  return (
    <section className={styles.chosen} aria-label="Chosen runs">
      <strong>{isAll ? 'All that the filter finds' : `${plural(chosen.size, 'run')} chosen`}</strong>
      {filter && may ? (
        <Button kind="quiet" small onClick={() => setAll(!all)}>
          {isAll ? 'Only those loaded' : 'Choose all that the filter finds'}
        </Button>
      ) : null}
      {first && second && chosen.size === 2 ? (
        <GoButton small href={links.comparison(second, first)}>
          Compare
        </GoButton>
      ) : chosen.size === 1 ? (
        <span className="muted">Choose a second one to compare them.</span>
      ) : null}
      {may ? (
        <>
          <Button small icon={RotateCcw} onClick={() => setAction('retry')}>
            Retry…
          </Button>
          <Button small icon={Ban} kind="danger" onClick={() => setAction('cancel')}>
            Cancel…
          </Button>
        </>
      ) : null}
      <Button kind="quiet" small onClick={onDone}>
        Choose none
      </Button>
      {action ? (
        <Ask {...props} action={action} filter={isAll ? filter : null} onClose={() => setAction(null)} />
      ) : null}
    </section>
  );
}

const words = {
  cancel: {
    title: 'Cancel runs',
    will: (n: string) => `${n} will be cancelled. Steps at work stop within seconds; what has succeeded stays.`,
    left: 'have ended already and are left alone',
    none: 'None of them can be cancelled: all have ended.',
    verb: 'Cancel',
    done: 'being cancelled',
  },
  retry: {
    title: 'Retry runs',
    will: (n: string) => `${n} will go on from what failed. Nothing that succeeded is done twice.`,
    left: 'did not fail and are left alone',
    none: 'None of them can be retried: none has failed or was cancelled.',
    verb: 'Retry',
    done: 'being retried',
  },
} as const;

interface AskProps extends BulkProps {
  readonly action: Action;
  readonly onClose: () => void;
}

/** Asks the API first what would happen, shows it, and then does it. */
function Ask({ action, chosen, rows, filter, onClose, onDone }: AskProps): ReactElement {
  const body = { action, ...(filter ? { filter } : { ids: [...chosen] }) };
  const dry = useQuery({
    queryKey: ['bulk', body],
    gcTime: 0,
    refetchOnWindowFocus: false,
    queryFn: () => post<Answer>('/v1/runs/bulk', { ...body, dryRun: true }),
  });
  const word = words[action];
  const act = useAction(() => post<Answer>('/v1/runs/bulk', body), {
    topics: ['runs'],
    done: (_, { done }) => `${plural(done, 'run')} ${done === 1 ? 'is' : 'are'} ${word.done}.`,
  });
  const failed = act.data?.failed ?? [];
  const error = act.error ?? dry.error;
  const close = ({ failed }: Answer): void => {
    if (failed.length > 0) return;
    onClose();
    onDone();
  };
  const known = new Map(rows.map((run) => [run.id, run]));
  return (
    <Dialog title={word.title} open onClose={onClose}>
      {error ? (
        <Failure error={error} />
      ) : dry.data === undefined ? (
        <Loading lines={2} />
      ) : failed.length > 0 ? (
        <>
          <p>
            {plural(failed.length, 'run')} could not be {action === 'cancel' ? 'cancelled' : 'retried'}:
          </p>
          <ul className={styles.runs}>
            {failed.map(({ run, error }) => (
              <li key={run}>
                {nameOf(known.get(run), run)}: {error.message}
              </li>
            ))}
          </ul>
        </>
      ) : (
        <>
          <div>
            <p>
              {dry.data.runs.length === 0
                ? word.none
                : word.will(
                    `${plural(dry.data.runs.length, 'run')}${dry.data.more ? ' (at most in one go; there are more)' : ''}`,
                  )}
            </p>
            {filter === null && dry.data.runs.length > 0 && dry.data.runs.length < chosen.size ? (
              <p className="muted">
                {chosen.size - dry.data.runs.length} {word.left}.
              </p>
            ) : null}
            <ul className={styles.runs}>
              {dry.data.runs.slice(0, 100).map((id) => (
                <li key={id}>{nameOf(known.get(id), id)}</li>
              ))}
              {dry.data.runs.length > 100 ? <li>and {plural(dry.data.runs.length - 100, 'more run')}</li> : null}
            </ul>
          </div>
          <div className={dialogStyles.buttons}>
            <Button onClick={onClose}>Back</Button>
            <Button
              kind={action === 'cancel' ? 'danger' : 'primary'}
              busy={act.isPending}
              disabled={dry.data.runs.length === 0}
              onClick={() => act.mutate(undefined, { onSuccess: close })}
            >
              {`${word.verb} ${plural(dry.data.runs.length, 'run')}`}
            </Button>
          </div>
        </>
      )}
    </Dialog>
  );
}

const nameOf = (run: RunBrief | undefined, id: string): string =>
  `${run ? `${run.pipeline}${run.partition ? ` ${run.partition}` : ''}, ` : ''}${id.slice(0, 8)}`;
