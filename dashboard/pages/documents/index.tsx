import type { ReactElement } from 'react';
import type { DocumentRecord } from '../../../contracts/documents.ts';
import { useAddress, useSetAddress } from '../../app/address.ts';
import { links } from '../../app/links.ts';
import { useMay } from '../../app/session.ts';
import { bytes } from '../../format/number.ts';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { Select } from '../../ui/field.tsx';
import { Go } from '../../ui/go.tsx';
import { Loaded, Page, Section } from '../../ui/page.tsx';
import { Paged } from '../../ui/paged.tsx';
import { Empty } from '../../ui/states.tsx';
import { lookOf } from '../../ui/status.tsx';
import { Time } from '../../ui/time.tsx';
import { useLanguages } from '../translate/queries.ts';
import { languageName } from '../translate/words.ts';
import { Detail } from './detail.tsx';
import { documentPath, useDocuments } from './queries.ts';
import { DocumentState } from './state.tsx';
import { Upload } from './upload.tsx';
import { answerOf } from './words.ts';

const columns: readonly Column<DocumentRecord>[] = [
  {
    id: 'state',
    header: 'State',
    card: 'mark',
    cell: (document) => <DocumentState document={document} />,
    sort: ({ status }) => status,
  },
  {
    id: 'name',
    header: 'Document',
    grow: true,
    cell: ({ id, name }) => <Go href={`${links.documents}?document=${id}`}>{name}</Go>,
    sort: ({ name }) => name,
  },
  {
    id: 'languages',
    header: 'Languages',
    cell: ({ source, target }) => `${source === null ? '?' : languageName(source)} → ${languageName(target)}`,
  },
  {
    id: 'size',
    header: 'Size',
    numeric: true,
    wide: true,
    cell: ({ bytes: size }) => bytes(size),
    sort: ({ bytes: size }) => size,
  },
  {
    id: 'missed',
    header: 'Terms missed',
    numeric: true,
    wide: true,
    cell: ({ evidence }) =>
      evidence ? `${evidence.terms.missed} of ${evidence.terms.applied + evidence.terms.missed}` : '–',
    sort: ({ evidence }) => evidence?.terms.missed,
  },
  { id: 'by', header: 'By', wide: true, cell: ({ by }) => by, sort: ({ by }) => by },
  {
    id: 'sent',
    header: 'Sent',
    wide: true,
    cell: ({ createdAt }) => <Time at={createdAt} />,
    sort: ({ createdAt }) => createdAt,
  },
  {
    id: 'download',
    header: 'File',
    cell: ({ id, name, status }) =>
      status === 'succeeded' ? (
        <a href={`${documentPath(id)}/content`} download aria-label={`Download ${name}`}>
          Download
        </a>
      ) : (
        '–'
      ),
  },
];

/** Documents that are translated as a whole. */
export default function Documents(): ReactElement {
  const address = useAddress();
  const set = useSetAddress();
  const languages = useLanguages();
  const status = address['status'] ?? '';
  const documents = useDocuments(status);
  const maySend = useMay('operator');
  const known = documents.data?.pages.flatMap((page) => page.documents);
  return (
    <Page
      title="Documents"
      crumbs={<Go href={links.translate}>Translate</Go>}
      answer={known && status === '' ? answerOf(known, !documents.hasNextPage) : undefined}
    >
      {maySend ? (
        <Loaded query={languages} lines={3}>
          {(given) => <Upload {...given} />}
        </Loaded>
      ) : null}
      <Section
        title="Sent documents"
        aside={
          <Select
            bare
            label="State"
            value={status}
            choices={[{ value: '', label: 'Any state' }, ...statuses]}
            onChange={(value) => set({ status: value })}
          />
        }
      >
        <Paged query={documents}>
          {(pages) => (
            <DataTable
              label="Documents"
              columns={columns}
              rows={pages.flatMap((page) => page.documents)}
              rowId={({ id }) => id}
              onOpen={({ id }) => set({ document: id })}
              empty={
                <Empty
                  title={status === '' ? 'No document yet' : 'No document is in this state'}
                  command="perennial translate --pair en-de --in manual.docx --out manual.de.docx"
                >
                  A document comes back laid out as it was, in the other language, with what became of each piece of
                  text.
                </Empty>
              }
            />
          )}
        </Paged>
      </Section>
      {address['document'] ? <Detail id={address['document']} onClose={() => set({ document: null })} /> : null}
    </Page>
  );
}

const statuses = ['queued', 'running', 'paused', 'succeeded', 'failed', 'cancelled', 'expired'].map((value) => ({
  value,
  label: value === 'expired' ? 'Files removed' : lookOf(value).word,
}));
