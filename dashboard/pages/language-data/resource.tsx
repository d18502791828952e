import { useParams, useRouter } from '@tanstack/react-router';
import { Pencil, Trash2 } from 'lucide-react';
import { type FormEvent, type ReactElement, useState } from 'react';
import type { ResourceRecord } from '../../../contracts/language-data.ts';
import { useAddress, useSetAddress } from '../../app/address.ts';
import { links } from '../../app/links.ts';
import { useMay } from '../../app/session.ts';
import { plural } from '../../format/number.ts';
import { address, patch, remove } from '../../http/client.ts';
import { queryClient } from '../../http/query-client.ts';
import { Button } from '../../ui/button.tsx';
import { Confirm, Dialog } from '../../ui/dialog.tsx';
import { DownloadMenu } from '../../ui/download-menu.tsx';
import { Field } from '../../ui/field.tsx';
import { Go } from '../../ui/go.tsx';
import { Loaded, Page } from '../../ui/page.tsx';
import { Failure } from '../../ui/states.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import { Time } from '../../ui/time.tsx';
import { toast } from '../../ui/toast.tsx';
import { useAction } from '../../ui/use-action.ts';
import { languageName } from '../translate/words.ts';
import { Entries } from './entries.tsx';
import { Imports } from './imports.tsx';
import type { Kind } from './kinds.ts';
import styles from './language-data.module.css';
import { pathOf, useResource } from './queries.ts';
import { Versions } from './versions.tsx';

/** A memory or a glossary: what is in it, how it came about, files in and out. */
export function ResourcePage({ kind }: { readonly kind: Kind }): ReactElement {
  const { id = '' } = useParams({ strict: false }) as { id?: string };
  const { tab = 'entries' } = useAddress();
  const set = useSetAddress();
  const query = useResource(kind, id);
  const resource = query.data;
  const crumbs = (
    <>
      <Go href={links.translate}>Translate</Go> / <Go href={`/${kind.plural}`}>{kind.title}</Go>
    </>
  );
  if (!resource)
    return (
      <Page title={id} crumbs={crumbs}>
        <Loaded query={query}>{() => null}</Loaded>
      </Page>
    );
  return (
    <Page
      title={resource.name}
      crumbs={crumbs}
      answer={
        <>
          {plural(resource.entries, kind.entry)} from {languageName(resource.source)} into{' '}
          {languageName(resource.target)}, in version {resource.version}; changed <Time at={resource.updatedAt} />.
        </>
      }
      actions={<Actions kind={kind} resource={resource} />}
    >
      <Tabs
        label={`Parts of the ${kind.one}`}
        value={tab}
        onChange={(next) => set({ tab: next === 'entries' ? null : next })}
        tabs={[
          {
            id: 'entries',
            title: kind.kind === 'glossary' ? 'Terms' : 'Translations',
            count: resource.entries,
            content: () => <Entries kind={kind} resource={resource} />,
          },
          {
            id: 'versions',
            title: 'Versions',
            count: resource.version,
            content: () => <Versions kind={kind} resource={resource} />,
          },
          { id: 'imports', title: 'Imports', content: () => <Imports kind={kind} resource={resource} /> },
        ]}
      />
    </Page>
  );
}

function Actions({ kind, resource }: { readonly kind: Kind; readonly resource: ResourceRecord }): ReactElement {
  const router = useRouter();
  const mayEdit = useMay('operator');
  const [renaming, setRenaming] = useState(false);
  const path = pathOf(kind, resource.id);
  const discard = async (): Promise<void> => {
    await remove(path);
    toast(`The ${kind.one} ${resource.name} is removed.`);
    router.history.push(`/${kind.plural}`);
    await queryClient.invalidateQueries({ queryKey: [kind.plural, 'list'] });
  };
  return (
    <>
      <DownloadMenu
        label="Export"
        files={kind.formats.map((format) => ({
          label: format.toUpperCase(),
          href: address(`${path}/export`, { format }),
        }))}
      />
      {mayEdit ? (
        <>
          <Button icon={Pencil} onClick={() => setRenaming(true)}>
            Rename
          </Button>
          <Confirm
            danger
            title={`Delete ${resource.name}?`}
            consequence={`Its ${plural(resource.entries, kind.entry)} and all ${plural(resource.version, 'version')} are removed for good, for everybody; translations no longer go by them. Export it first if somebody may want it back.`}
            action="Delete it"
            onConfirm={discard}
          >
            <Button icon={Trash2} aria-label={`Delete the ${kind.one}`} />
          </Confirm>
          {renaming ? <Rename kind={kind} resource={resource} onClose={() => setRenaming(false)} /> : null}
        </>
      ) : null}
    </>
  );
}

interface RenameProps {
  readonly kind: Kind;
  readonly resource: ResourceRecord;
  readonly onClose: () => void;
}

function Rename({ kind, resource, onClose }: RenameProps): ReactElement {
  const [name, setName] = useState(resource.name);
  const [domain, setDomain] = useState(resource.domain);
  const save = useAction(() => patch(pathOf(kind, resource.id), { name: name.trim(), domain }), {
    topics: [kind.plural],
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    save.mutate(undefined, { onSuccess: onClose });
  };
  return (
    <Dialog open title={`Rename the ${kind.one}`} onClose={onClose}>
      <form className={styles.form} onSubmit={submit}>
        <Field
          label="Name"
          hint={
            <>
              Programs go on calling it <code>{resource.id}</code>.
            </>
          }
        >
          <input required maxLength={200} value={name} onChange={(event) => setName(event.target.value)} />
        </Field>
        <Field label="Subject" hint={`Of ${kind.entry}s to come that have none of their own.`}>
          <input maxLength={200} value={domain} onChange={(event) => setDomain(event.target.value)} />
        </Field>
        {save.error ? <Failure error={save.error} /> : null}
        <div className={styles.buttons}>
          <Button kind="primary" type="submit" busy={save.isPending}>
            Save
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
