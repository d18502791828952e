import { Download, Trash2 } from 'lucide-react';
import type { ReactElement } from 'react';
import type { DocumentRecord } from '../../../contracts/documents.ts';
import { links } from '../../app/links.ts';
import { useMay } from '../../app/session.ts';
import { bytes, count, list, percent, plural } from '../../format/number.ts';
import { remove } from '../../http/client.ts';
import buttons from '../../ui/button.module.css';
import { Button } from '../../ui/button.tsx';
import { Confirm, Dialog } from '../../ui/dialog.tsx';
import { Facts } from '../../ui/facts.tsx';
import { Go } from '../../ui/go.tsx';
import { Loaded } from '../../ui/page.tsx';
import { Mark } from '../../ui/status.tsx';
import { Elapsed, Time } from '../../ui/time.tsx';
import { useAction } from '../../ui/use-action.ts';
import { languageName } from '../translate/words.ts';
import styles from './documents.module.css';
import { documentPath, useDocument } from './queries.ts';
import { DocumentState } from './state.tsx';
import { originsOf, warningsOf } from './words.ts';

export interface DetailProps {
  readonly id: string;
  readonly onClose: () => void;
}

/** How a document was translated. */
export function Detail({ id, onClose }: DetailProps): ReactElement {
  const query = useDocument(id);
  return (
    <Dialog side open title={query.data?.name ?? 'Document'} onClose={onClose}>
      <Loaded query={query}>{(document) => <Known document={document} onClose={onClose} />}</Loaded>
    </Dialog>
  );
}

function Known({
  document,
  onClose,
}: {
  readonly document: DocumentRecord;
  readonly onClose: () => void;
}): ReactElement {
  const { evidence, error, source, target, options } = document;
  const mayRemove = useMay('operator');
  const removing = useAction(() => remove(documentPath(document.id)), {
    topics: ['documents'],
    done: `${document.name} is removed.`,
  });
  return (
    <>
      <Facts
        facts={[
          ['State', <DocumentState key="state" document={document} />],
          ['Languages', `${source === null ? 'being detected' : languageName(source)} → ${languageName(target)}`],
          [
            'Size',
            `${bytes(document.bytes)}${document.characters === null ? '' : `, ${count(document.characters)} characters to translate`}`,
          ],
          [
            'Sent',
            <span key="sent">
              by {document.by}, <Time at={document.createdAt} />
            </span>,
          ],
          [
            'Took',
            document.startedAt ? <Elapsed key="took" from={document.startedAt} to={document.finishedAt} /> : null,
          ],
          [
            'Glossaries',
            options.glossaries.length === 0 ? 'none' : <Linked key="glossaries" ids={options.glossaries} />,
          ],
          [
            'Memories',
            options.memory ? (options.memories === null ? 'all of these languages' : list(options.memories)) : 'none',
          ],
          [
            'Model',
            evidence?.model ? (
              <Go key="model" href={links.version(evidence.model.name, evidence.model.version)}>
                {evidence.model.name}, version {evidence.model.version}
              </Go>
            ) : null,
          ],
          [
            'Run',
            <Go key="run" href={links.run(document.run)}>
              {document.run}
            </Go>,
          ],
        ]}
      />
      {error ? (
        <p role="alert">
          <Mark tone="failed" word={error.message} /> {error.remedy}
        </p>
      ) : null}
      {evidence ? (
        <>
          <h3>Where the {count(evidence.segments.total)} pieces of text come from</h3>
          <ul className={styles.shares}>
            {originsOf(evidence).map(([words, n]) => (
              <li key={words}>
                <span>{words}</span>
                <span className="num">{count(n)}</span>
                <meter aria-label={words} min={0} max={Math.max(1, evidence.segments.total)} value={n}>
                  {percent(n / Math.max(1, evidence.segments.total))}
                </meter>
              </li>
            ))}
          </ul>
          <p>
            {plural(evidence.terms.applied, 'term was', 'terms were')} applied, {count(evidence.terms.enforced)} of them
            enforced;{' '}
            {evidence.terms.missed === 0
              ? 'none was missed.'
              : `${plural(evidence.terms.missed, 'was', 'were')} missed.`}
          </p>
          {warningsOf(evidence).map(([words, n]) => (
            <Mark key={words} tone="late" word={`${words} (${count(n)})`} />
          ))}
        </>
      ) : null}
      <div className={styles.buttons}>
        {document.status === 'succeeded' ? (
          <a href={`${documentPath(document.id)}/content`} download className={buttons.button}>
            <Download size={16} aria-hidden /> Download the translation
          </a>
        ) : null}
        {mayRemove ? (
          <Confirm
            danger
            title={`Remove ${document.name}?`}
            consequence="The file, its translation and what the log quotes of it are removed for good. A translation under way is cancelled."
            action="Remove it"
            onConfirm={async () => {
              await removing.mutateAsync(undefined);
              onClose();
            }}
          >
            <Button icon={Trash2}>Remove</Button>
          </Confirm>
        ) : null}
      </div>
    </>
  );
}

function Linked({ ids }: { readonly ids: readonly string[] }): ReactElement {
  return (
    <>
      {ids.map((id, n) => (
        <span key={id}>
          {n > 0 ? ', ' : ''}
          <Go href={links.glossary(id)}>{id}</Go>
        </span>
      ))}
    </>
  );
}
