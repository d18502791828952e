import { useVirtualizer } from '@tanstack/react-virtual';
import { ArrowDownToLine, Copy, Download } from 'lucide-react';
import { type ReactElement, useEffect, useRef, useState } from 'react';
import type { LogLine, RunDetail } from '../../../contracts/runs.ts';
import { useAddress, useSetAddress } from '../../app/address.ts';
import { count, plural } from '../../format/number.ts';
import { exact } from '../../format/time.ts';
import { Button } from '../../ui/button.tsx';
import { Select } from '../../ui/field.tsx';
import { SearchField } from '../../ui/search-field.tsx';
import { Empty, Failure, Loading } from '../../ui/states.tsx';
import { toast } from '../../ui/toast.tsx';
import styles from './logs.module.css';
import { type LogQuery, logPage, useLogs } from './use-logs.ts';

const linePixels = 22;
const levels = [
  { value: '', label: 'All levels' },
  { value: 'info', label: 'Info and up' },
  { value: 'warn', label: 'Warnings and up' },
  { value: 'error', label: 'Errors' },
];
const stamp = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' });
const textOf = ({ at, level, stepId, mapKey, message }: LogLine): string =>
  `${at} ${level.padEnd(5)} ${stepId}${mapKey && `/${mapKey}`} ${message}`;

export interface LogViewProps {
  readonly run: RunDetail;
  /** Only lines of this step, or item of it; absent: chosen in the address. */
  readonly of?: { readonly step: string; readonly item: string };
  /** Changes whenever there may be new lines. */
  readonly news: number;
}

/**
 * Lines of a run as they come. Scrolling up holds the view still; filters and the chosen line stand in the address, as
 * `level`, `log`, `logstep` and `line`.
 */
export function LogView({ run, of, news }: LogViewProps): ReactElement {
  const search = useAddress();
  const setAddress = useSetAddress();
  const query: LogQuery = {
    step: of?.step ?? search['logstep'],
    item: of?.item || undefined,
    level: search['level'],
    text: search['log'],
  };
  const chosen = Number(search['line']) || null;
  const logs = useLogs(run.id, query, chosen);
  const { lines, loadNewer } = logs;
  const [follows, setFollows] = useState(chosen === null);
  const frame = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => frame.current,
    getItemKey: (index) => lines[index]?.id ?? index,
    estimateSize: () => linePixels,
    overscan: 30,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: news say when
  useEffect(() => {
    void loadNewer();
  }, [news, loadNewer]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: moves when lines came
  useEffect(() => {
    if (lines.length === 0) return;
    if (follows) virtual.scrollToIndex(lines.length - 1, { align: 'end' });
  }, [lines, follows]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the line is there
  useEffect(() => {
    const index = lines.findIndex(({ id }) => id === chosen);
    if (index >= 0 && !follows) virtual.scrollToIndex(index, { align: 'center' });
  }, [chosen, logs.isLoading]);

  const onScroll = (): void => {
    const box = frame.current;
    if (!box) return;
    const isAtEnd = box.scrollHeight - box.scrollTop - box.clientHeight < 2 * linePixels;
    if (isAtEnd !== follows) setFollows(isAtEnd);
  };
  const earlier = async (): Promise<void> => {
    const height = virtual.getTotalSize();
    setFollows(false);
    await logs.loadEarlier();
    // What was in sight stays in sight.
    requestAnimationFrame(() => frame.current?.scrollBy(0, virtual.getTotalSize() - height));
  };

  return (
    <div className={styles.logs} data-small={of ? '' : undefined}>
      <search className={styles.bar} aria-label="Filter the log">
        <SearchField
          label="Text in the log"
          placeholder="Find in the log"
          value={search['log'] ?? ''}
          onChange={(log) => setAddress({ log, line: null }, true)}
        />
        {of ? null : (
          <Select
            label="Step"
            bare
            value={search['logstep'] ?? ''}
            choices={[{ value: '', label: 'All steps' }, ...run.plan.steps.map(({ id }) => ({ value: id, label: id }))]}
            onChange={(logstep) => setAddress({ logstep, line: null }, true)}
          />
        )}
        <Select
          label="Level"
          bare
          value={search['level'] ?? ''}
          choices={levels}
          onChange={(level) => setAddress({ level, line: null }, true)}
        />
        <span className={styles.tools}>
          {run.finishedAt === null && !follows ? (
            <Button small icon={ArrowDownToLine} onClick={() => setFollows(true)}>
              Follow
            </Button>
          ) : null}
          <Button
            kind="quiet"
            small
            icon={Copy}
            aria-label="Copy the lines shown"
            onClick={() =>
              void navigator.clipboard
                .writeText(lines.map(textOf).join('\n'))
                .then(() => toast(`${plural(lines.length, 'line')} copied.`))
            }
          />
          <Button
            kind="quiet"
            small
            icon={Download}
            aria-label="Download all lines that fit"
            onClick={() => void save(run.id, query).catch(saysWhy)}
          />
        </span>
      </search>
      {logs.error ? (
        <Failure error={logs.error} retry={logs.retry} />
      ) : logs.isLoading && lines.length === 0 ? (
        <Loading lines={4} />
      ) : lines.length === 0 ? (
        <Empty title={query.text || query.level ? 'No line fits the filter' : 'No line yet'}>
          {query.text || query.level
            ? 'Widen it to see more.'
            : 'Steps write lines with context.log while they run; they appear here as they are written.'}
        </Empty>
      ) : (
        <div
          ref={frame}
          className={styles.frame}
          role="log"
          aria-label="Log"
          aria-live="off"
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
          tabIndex={0}
          onScroll={onScroll}
        >
          {logs.hasEarlier ? (
            <Button small kind="quiet" onClick={() => void earlier()}>
              Earlier lines
            </Button>
          ) : null}
          <div className={styles.lines} style={{ height: virtual.getTotalSize() }}>
            {virtual.getVirtualItems().map(({ index, start, key }) => {
              const line = lines[index];
              if (!line) return null;
              return (
                <div
                  key={key}
                  ref={virtual.measureElement}
                  data-index={index}
                  className={styles.line}
                  data-level={line.level}
                  data-chosen={line.id === chosen || undefined}
                  style={{ transform: `translateY(${start}px)` }}
                >
                  <button
                    type="button"
                    title={`${exact(line.at)}. Put this line into the address.`}
                    onClick={() => setAddress({ line: String(line.id) }, true)}
                  >
                    {stamp.format(new Date(line.at))}
                  </button>
                  <span className={styles.level}>{line.level}</span>
                  {of ? null : (
                    <span className={styles.where}>{line.mapKey ? `${line.stepId}/${line.mapKey}` : line.stepId}</span>
                  )}
                  <span className={styles.message}>{line.message}</span>
                </div>
              );
            })}
          </div>
        </div>
      )}
      <p className={styles.count} role="status">
        {lines.length > 0
          ? `${count(lines.length)}${logs.hasEarlier ? ' newest' : ''} ${lines.length === 1 ? 'line' : 'lines'}`
          : ''}
      </p>
    </div>
  );
}

const saysWhy = (error: Error): void => toast(`The lines could not be downloaded: ${error.message}`, { failed: true });

/** All lines that fit, as a file. */
async function save(runId: string, query: LogQuery): Promise<void> {
  const parts: string[] = [];
  for (let after: number | null = 0; after !== null; ) {
    const page = await logPage(runId, { ...query, after });
    parts.push(...page.lines.map((line) => `${textOf(line)}\n`));
    after = page.next;
  }
  const url = URL.createObjectURL(new Blob(parts, { type: 'text/plain' }));
  Object.assign(document.createElement('a'), { href: url, download: `run-${runId}.log` }).click();
  URL.revokeObjectURL(url);
}
