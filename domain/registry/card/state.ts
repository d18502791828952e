import type { AliasPeriod, ModelVersion } from '../../../contracts/models.ts';
import type { Page } from '../../report-page/index.ts';
import { moment } from './words.ts';

/** How a version stands: in a word, and in a sentence or two. */
export interface Standing {
  readonly badge: Page['badge'];
  readonly state: string;
}

/** @param periods of all aliases of the model, newest first. */
export function standingOf(version: ModelVersion, periods: readonly AliasPeriod[]): Standing {
  const { version: number, aliases, deleted } = version;
  if (deleted)
    return {
      badge: { mark: '✕', text: 'Deleted' },
      state: `Version ${number} was deleted on ${moment(deleted.at)} by ${deleted.by}: ${sentence(deleted.reason)} Its record is kept, its files are not.`,
    };
  const own = periods.filter((period) => period.version === number);
  const champion = periods.find((p) => p.alias === 'champion' && p.until === null && p.version !== null);
  const current = champion ? `Version ${champion.version} is the champion.` : 'No version is the champion.';
  const serving = own.find(({ until }) => until === null);
  if (aliases.includes('champion') && champion)
    return {
      badge: { mark: '✓', text: 'Champion' },
      state: `Version ${number} has been the champion since ${moment(champion.at)}, ${became(champion)} by ${champion.by}: ${sentence(champion.reason)}`,
    };
  const former = own.find(({ alias }) => alias === 'champion');
  if (former?.until)
    return {
      badge: { mark: '–', text: 'Former champion' },
      state: `Version ${number} was the champion from ${moment(former.at)} to ${moment(former.until)}. ${current}`,
    };
  if (serving)
    return {
      badge: { mark: '–', text: capital(serving.alias) },
      state: `Version ${number} has been the ${serving.alias} since ${moment(serving.at)}: ${sentence(serving.reason)} ${current}`,
    };
  return { badge: { mark: '–', text: 'Not serving' }, state: `Version ${number} serves nowhere. ${current}` };
}

const became = ({ kind }: AliasPeriod): string => (kind === 'rollback' ? 'brought back' : 'promoted');
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
const sentence = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);
