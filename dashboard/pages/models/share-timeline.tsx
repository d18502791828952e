import { Fragment, type ReactElement } from 'react';
import { isSameVariant, type ServingVariant, type TrafficRecord, variantName } from '../../../contracts/traffic.ts';
import { percent } from '../../format/number.ts';
import { dayOf, exact } from '../../format/time.ts';
import styles from './share-timeline.module.css';

interface Part {
  readonly from: number;
  readonly to: number;
  readonly share: number;
}

/** When each version answered which share, a line each, the newest first. @param states newest first. */
export function ShareTimeline({
  states,
  now,
}: {
  readonly states: readonly TrafficRecord[];
  readonly now: number;
}): ReactElement | null {
  const oldestFirst = states.toReversed();
  const start = Date.parse(oldestFirst[0]?.at ?? '');
  if (Number.isNaN(start)) return null;
  const lines: { variant: ServingVariant; parts: Part[] }[] = [];
  oldestFirst.forEach((state, i) => {
    const from = Date.parse(state.at);
    const to = Date.parse(oldestFirst[i + 1]?.at ?? '') || now;
    for (const { share, ...variant } of state.routes) {
      if (share === 0 && !state.rollout) continue;
      const known = lines.find((one) => isSameVariant(one.variant, variant));
      if (known) known.parts.push({ from, to, share });
      else lines.push({ variant, parts: [{ from, to, share }] });
    }
  });
  const place = (at: number): string => `${((at - start) / Math.max(1, now - start)) * 100}%`;
  const words = ({ from, to, share }: Part): string =>
    `${share === 0 ? 'in shadow' : percent(share)} from ${exact(from)} to ${to === now ? 'now' : exact(to)}`;
  return (
    <div className={styles.timeline}>
      {lines.toReversed().map(({ variant, parts }) => (
        <Fragment key={variantName(variant)}>
          <span>version {variantName(variant)}</span>
          <div
            className={styles.track}
            role="img"
            aria-label={`Version ${variantName(variant)}: ${parts.map(words).join('; ')}`}
          >
            {parts.map((part) => (
              <span
                key={part.from}
                className={`${styles.part} ${part.share === 0 ? styles.shadow : ''}`}
                title={words(part)}
                style={{
                  left: place(part.from),
                  width: `calc(${place(part.to)} - ${place(part.from)})`,
                  ...(part.share === 0 ? {} : { height: `${Math.max(8, part.share * 100)}%` }),
                }}
              />
            ))}
          </div>
        </Fragment>
      ))}
      <div className={styles.axis}>
        <span>{dayOf(start)}</span>
        <span>now</span>
      </div>
    </div>
  );
}
