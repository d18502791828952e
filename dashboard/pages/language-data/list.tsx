import { useRouter } from '@tanstack/react-router';
import { Plus } from 'lucide-react';
import { type FormEvent, type ReactElement, useState } from 'react';
import type { ResourceRecord } from '../../../contracts/language-data.ts';
import { links } from '../../app/links.ts';
import { useMay } from '../../app/session.ts';
import { count, plural } from '../../format/number.ts';
import { post } from '../../http/client.ts';
import { Button } from '../../ui/button.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field } from '../../ui/field.tsx';
import { Go } from '../../ui/go.tsx';
import { Loaded, Page } from '../../ui/page.tsx';
import { Empty, Failure } from '../../ui/states.tsx';
import { Time } from '../../ui/time.tsx';
import { useAction } from '../../ui/use-action.ts';
import { languageName } from '../translate/words.ts';
import type { Kind } from './kinds.ts';
import styles from './language-data.module.css';
import { useResources } from './queries.ts';

const columnsOf = (kind: Kind): readonly Column<ResourceRecord>[] => [
  {
    id: 'name',
    header: 'Name',
    grow: true,
    cell: (one) => <Go href={kind.href(one.id)}>{one.name}</Go>,
    sort: (one) => one.name,
  },
  {
    id: 'pair',
    header: 'Languages',
    cell: (one) => `${languageName(one.source)} → ${languageName(one.target)}`,
    sort: (one) => `${one.source} ${one.target}`,
  },
  { id: 'domain', header: 'Subject', wide: true, cell: (one) => one.domain || '–', sort: (one) => one.domain },
  {
    id: 'entries',
    header: `${kind.entries[0]?.toUpperCase()}${kind.entries.slice(1)}`,
    numeric: true,
    cell: (one) => count(one.entries),
    sort: (one) => one.entries,
  },
  {
    id: 'version',
    header: 'Version',
    numeric: true,
    wide: true,
    cell: (one) => one.version,
    sort: (one) => one.version,
  },
  {
    id: 'updated',
    header: 'Changed',
    wide: true,
    cell: (one) => <Time at={one.updatedAt} />,
    sort: (one) => one.updatedAt,
  },
];

/** All memories, or all glossaries. */
export function ResourceList({ kind }: { readonly kind: Kind }): ReactElement {
  const router = useRouter();
  const resources = useResources(kind.kind);
  const mayEdit = useMay('operator');
  const [making, setMaking] = useState(false);
  const total = resources.data?.reduce((sum, { entries }) => sum + entries, 0) ?? 0;
  return (
    <Page
      title={kind.title}
      crumbs={<Go href={links.translate}>Translate</Go>}
      answer={
        resources.data
          ? `${plural(resources.data.length, kind.one, kind.title.toLowerCase())} with ${plural(total, kind.entry)}. ${kind.purpose}`
          : undefined
      }
      actions={
        mayEdit ? (
          <Button icon={Plus} kind="primary" onClick={() => setMaking(true)}>
            New {kind.one}
          </Button>
        ) : null
      }
    >
      <Loaded query={resources}>
        {(rows) => (
          <DataTable
            label={kind.title}
            columns={columnsOf(kind)}
            rows={rows}
            rowId={({ id }) => id}
            onOpen={({ id }) => router.history.push(kind.href(id))}
            empty={
              <Empty title={`No ${kind.one} yet`} command={`perennial ${kind.plural} create shop --pair en-de`}>
                {kind.purpose}
              </Empty>
            }
          />
        )}
      </Loaded>
      <NewResource kind={kind} open={making} onClose={() => setMaking(false)} />
    </Page>
  );
}

interface NewResourceProps {
  readonly kind: Kind;
  readonly open: boolean;
  readonly onClose: () => void;
}

function NewResource({ kind, open, onClose }: NewResourceProps): ReactElement {
  const router = useRouter();
  const [fields, setFields] = useState({ name: '', source: 'en', target: 'de', domain: '' });
  const field = (name: keyof typeof fields) => ({
    value: fields[name],
    onChange: (event: { readonly target: { readonly value: string } }) =>
      setFields({ ...fields, [name]: event.target.value }),
  });
  const make = useAction(
    async () => {
      const id = idOf(fields.name);
      const { domain, ...given } = fields;
      const made = await post<ResourceRecord>(`/v1/${kind.plural}`, {
        ...given,
        ...(id === '' ? {} : { id }),
        ...(domain === '' ? {} : { domain }),
      });
      router.history.push(kind.href(made.id));
    },
    { topics: [kind.plural] },
  );
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    make.mutate();
  };
  return (
    <Dialog title={`New ${kind.one}`} open={open} onClose={onClose}>
      <form className={styles.form} onSubmit={submit}>
        <Field
          label="Name"
          hint={
            fields.name === '' ? undefined : (
              <>
                Known to programs as <code>{idOf(fields.name) || '…'}</code>
              </>
            )
          }
        >
          <input required maxLength={200} {...field('name')} />
        </Field>
        <div className={styles.pair}>
          <Field label="From" hint={languageHint(fields.source)}>
            <input required minLength={2} maxLength={64} {...field('source')} />
          </Field>
          <Field label="Into" hint={languageHint(fields.target)}>
            <input required minLength={2} maxLength={64} {...field('target')} />
          </Field>
        </div>
        <Field label="Subject" hint={`Of what comes without one of its own, such as “retail”. May stay empty.`}>
          <input maxLength={200} {...field('domain')} />
        </Field>
        {make.error ? <Failure error={make.error} /> : null}
        <div className={styles.buttons}>
          <Button kind="primary" type="submit" busy={make.isPending}>
            Make it
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

const languageHint = (tag: string): string =>
  languageName(tag) === tag ? 'A tag such as en, de or pt-BR' : languageName(tag);

/** Lower-case words joined by dashes. */
const idOf = (name: string): string =>
  name
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 63);
