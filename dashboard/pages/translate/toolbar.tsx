import { ArrowLeftRight } from 'lucide-react';
import type { ReactElement } from 'react';
import type { ResourceRecord } from '../../../contracts/language-data.ts';
import type { ModelVersion } from '../../../contracts/models.ts';
import { useAddress, useSetAddress } from '../../app/address.ts';
import { list } from '../../format/number.ts';
import { Button } from '../../ui/button.tsx';
import { ChooseMany } from '../../ui/choose-many.tsx';
import { type Choice, Select } from '../../ui/field.tsx';
import { wordOf } from './choices.ts';
import type { Languages } from './queries.ts';
import styles from './translate.module.css';

export interface LanguageBarProps extends Languages {
  /** Null: detected. */
  readonly from: string | null;
  readonly to: string;
  /** Of the last translation. */
  readonly detected: string | undefined;
  /** Exchanges the languages; absent where there is no model for that. */
  readonly onSwap?: (() => void) | undefined;
}

/** From which language into which. */
export function LanguageBar({ languages, pairs, from, to, detected, onSwap }: LanguageBarProps): ReactElement {
  const set = useSetAddress();
  const name = (code: string): string => languages.find((language) => language.code === code)?.name ?? code;
  const sources = [...new Set(pairs.map(({ source }) => source))].sort();
  const targets = [
    ...new Set(pairs.filter(({ source }) => from === null || source === from).map(({ target }) => target)),
  ];
  const choice = (code: string): Choice => ({ value: code, label: name(code) });
  return (
    <div className={styles.languages}>
      <Select
        bare
        label="From"
        value={from ?? ''}
        choices={[
          { value: '', label: detected ? `${name(detected)} (detected)` : 'Detect the language' },
          ...sources.map(choice),
        ]}
        onChange={(value) => set({ from: value || null })}
      />
      <Button
        kind="quiet"
        icon={ArrowLeftRight}
        aria-label="Exchange the languages"
        disabled={onSwap === undefined}
        title={onSwap ? 'Exchange the languages' : 'No model translates the other way'}
        onClick={onSwap}
      />
      <Select
        bare
        label="Into"
        value={to}
        choices={targets.sort().map(choice)}
        onChange={(value) => set({ to: value })}
      />
    </div>
  );
}

export interface OptionsBarProps {
  readonly glossaries: readonly ResourceRecord[];
  readonly memories: readonly ResourceRecord[];
  readonly chosen: { readonly glossaries: readonly string[]; readonly memories: readonly string[] };
  readonly versions: readonly ModelVersion[];
  /** Whether memories and glossaries have come. */
  readonly isKnown: boolean;
}

/** With which glossaries, memories and versions. */
export function OptionsBar({ glossaries, memories, chosen, versions, isKnown }: OptionsBarProps): ReactElement {
  const address = useAddress();
  const set = useSetAddress();
  const choices: Choice[] = versions.map(({ version, aliases }) => ({
    value: String(version),
    label: `Version ${version}${aliases.length > 0 ? ` (${aliases.join(', ')})` : ''}`,
  }));
  return (
    <div className={styles.options}>
      <ChooseMany
        label="Glossaries"
        summary={isKnown ? summaryOf(chosen.glossaries, glossaries) : '…'}
        choices={glossaries.map(choiceOf)}
        values={chosen.glossaries}
        onChange={(ids) => set({ glossaries: wordOf(ids, glossaries) })}
      />
      <ChooseMany
        label="Memories"
        summary={isKnown ? summaryOf(chosen.memories, memories) : '…'}
        choices={memories.map(choiceOf)}
        values={chosen.memories}
        onChange={(ids) => set({ memories: wordOf(ids, memories) })}
      />
      <Select
        bare
        label="Version"
        value={address['version'] ?? ''}
        choices={[{ value: '', label: 'The version that serves' }, ...choices]}
        onChange={(value) => set({ version: value || null })}
      />
      <Select
        bare
        label="Compare with"
        value={address['beside'] ?? ''}
        choices={[{ value: '', label: 'Compare with…' }, ...choices]}
        onChange={(value) => set({ beside: value || null })}
      />
    </div>
  );
}

const choiceOf = ({ id, name, entries }: ResourceRecord): Choice => ({ value: id, label: `${name} (${entries})` });

function summaryOf(ids: readonly string[], fitting: readonly ResourceRecord[]): string {
  if (fitting.length === 0) return 'none for these languages';
  if (ids.length === 0) return 'none';
  if (ids.length > 1 && ids.length === fitting.length) return `all ${ids.length}`;
  return list(ids.map((id) => fitting.find((one) => one.id === id)?.name ?? id));
}
