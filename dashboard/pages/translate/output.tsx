import { Copy } from 'lucide-react';
import { type ReactElement, type ReactNode, useState } from 'react';
import { links } from '../../app/links.ts';
import { duration } from '../../format/time.ts';
import { Button } from '../../ui/button.tsx';
import { Go } from '../../ui/go.tsx';
import { Failure } from '../../ui/states.tsx';
import type { Translated } from './queries.ts';
import styles from './translate.module.css';

export interface OutputProps {
  readonly label: string;
  readonly translated: Translated | undefined;
  readonly error: Error | null;
  /** Whether another one is on its way. */
  readonly pending: boolean;
  readonly retry: () => void;
  /** Instead of the text: with its differences marked. */
  readonly children?: ReactNode;
}

/** What came of a text, by what, and in which time. */
export function Output({ label, translated, error, pending, retry, children }: OutputProps): ReactElement {
  const [copied, setCopied] = useState('');
  const text = translated?.answer.text ?? '';
  return (
    <section className={styles.pane} aria-label={label} aria-busy={pending}>
      <div className={styles.text} data-pending={pending || undefined} lang={translated?.answer.target}>
        {error ? (
          <Failure error={error} retry={retry} />
        ) : translated ? (
          (children ?? text)
        ) : (
          <span className="muted">{pending ? 'Translating…' : 'The translation appears here.'}</span>
        )}
      </div>
      <div className={styles.foot}>
        <span className="muted">{translated && !error ? <By translated={translated} /> : null}</span>
        {text && !error ? (
          <Button
            kind="quiet"
            small
            icon={Copy}
            onClick={() => void navigator.clipboard.writeText(text).then(() => setCopied(text))}
          >
            {copied === text ? 'Copied' : 'Copy'}
          </Button>
        ) : null}
      </div>
    </section>
  );
}

/** Version and configuration, and the time it took. */
function By({ translated }: { readonly translated: Translated }): ReactElement {
  const { answer, milliseconds } = translated;
  const { model } = answer;
  if (!model) return <>No model was needed · {duration(milliseconds)}</>;
  return (
    <>
      <Go href={links.version(model.name, model.version)}>
        {model.name}, version {model.version}
      </Go>
      {model.configuration === 0 ? '' : `, configuration ${model.configuration}`} · {duration(milliseconds)}
    </>
  );
}
