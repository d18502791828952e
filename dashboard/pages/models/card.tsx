import { Download, ExternalLink } from 'lucide-react';
import { type ReactElement, useEffect, useRef, useState } from 'react';
import type { ModelVersion } from '../../../contracts/models.ts';
import buttons from '../../ui/button.module.css';
import { Loading } from '../../ui/states.tsx';
import styles from './models.module.css';

/** Above and below the page, in pixels. */
const border = 2;

/** The model card of a version: the page that is handed on, here within the dashboard. No script runs in it. */
export function Card({ version: { model, version } }: { readonly version: ModelVersion }): ReactElement {
  const href = `/v1/models/${encodeURIComponent(model)}/versions/${version}/card`;
  const frame = useRef<HTMLIFrameElement>(null);
  const [page, setPage] = useState<HTMLElement | null>(null);
  const [height, setHeight] = useState(640);
  // As high as what it shows, which changes with its width and with what is unfolded in it.
  useEffect(() => {
    if (!page) return;
    const observer = new ResizeObserver(() => setHeight(Math.ceil(page.getBoundingClientRect().height) + border));
    observer.observe(page);
    return () => observer.disconnect();
  }, [page]);
  return (
    <>
      <div className={styles.cardTools}>
        <p className="muted">
          How it stands, how good it is, what it is for and where it comes from, on one page to hand on.
        </p>
        <a className={buttons.button} href={href} target="_blank" rel="noreferrer">
          <ExternalLink size={16} aria-hidden /> Open
        </a>
        <a className={buttons.button} href={href} download={`${model}-${version}.html`}>
          <Download size={16} aria-hidden /> Download
        </a>
      </div>
      {page ? null : <Loading lines={12} />}
      <iframe
        ref={frame}
        className={styles.card}
        hidden={page === null}
        title={`Model card of ${model}, version ${version}`}
        src={href}
        // Same origin: that its height can be read. Without scripts it can do nothing with that.
        sandbox="allow-same-origin"
        style={{ height }}
        onLoad={() => setPage(frame.current?.contentDocument?.body ?? null)}
      />
    </>
  );
}
