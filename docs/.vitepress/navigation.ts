import { readdirSync, readFileSync } from 'node:fs';

const docs = new URL('../', import.meta.url);

interface Group {
  readonly text: string;
  readonly pages: readonly string[];
}

/** The parts of the site by Diátaxis (https://diataxis.fr), and the order of their pages; a page is found here or nowhere. */
const parts: Readonly<Record<string, { readonly text: string; readonly groups: readonly Group[] }>> = {
  tutorial: { text: 'Tutorial', groups: [{ text: 'Tutorial', pages: ['own-pipeline'] }] },
  'how-to': {
    text: 'How-to',
    groups: [
      {
        text: 'Start and control runs',
        pages: ['schedules', 'rules', 'webhooks', 'github-webhooks', 'backfill', 'control-runs', 'deadlines'],
      },
      {
        text: 'Offers',
        pages: [
          'ingest-sales',
          'next-products',
          'offers',
          'predict-coupons',
          'assortment-gaps',
          'market-lists',
          'evaluation-report',
        ],
      },
      {
        text: 'Translation',
        pages: ['translate', 'memories-and-glossaries', 'train-translation', 'new-language-pair'],
      },
      { text: 'Models in service', pages: ['models', 'serving', 'rollouts', 'feedback', 'retraining-policies'] },
      {
        text: 'Operate',
        pages: [
          'dashboard',
          'alerts',
          'observability',
          'connected-mode',
          'gpu-worker',
          'upgrade',
          'backup-and-restore',
        ],
      },
    ],
  },
  reference: {
    text: 'Reference',
    groups: [
      { text: 'Interfaces', pages: ['cli', 'api', 'api-types', 'errors', 'events', 'metrics', 'settings'] },
      { text: 'Pipelines', pages: ['pipeline-definition', 'pipelines', 'external-steps', 'alerts', 'scheduler'] },
    ],
  },
  explanation: {
    text: 'Explanation',
    groups: [
      { text: 'The system', pages: ['architecture', 'runs', 'durability', 'security'] },
      { text: 'Models', pages: ['monitoring', 'retraining', 'translation-training'] },
    ],
  },
  adr: { text: 'Decisions', groups: [{ text: 'Decisions of design', pages: pagesOf('adr') }] },
};

/** What stands above every page. */
export const nav = Object.entries(parts).map(([folder, { text, groups }]) => ({
  text,
  link: `/${folder}/${groups[0]?.pages[0]}`,
  activeMatch: `^/${folder}/`,
}));

/** What stands beside the pages of each part. */
export const sidebar = Object.fromEntries(
  Object.entries(parts).map(([folder, { groups }]) => [
    `/${folder}/`,
    groups.map(({ text, pages }) => ({
      text,
      items: pages.map((page) => ({ text: titleOf(folder, page), link: `/${folder}/${page}` })),
    })),
  ]),
);

function pagesOf(folder: string): string[] {
  return readdirSync(new URL(`${folder}/`, docs))
    .filter((name) => name.endsWith('.md'))
    .map((name) => name.slice(0, -'.md'.length))
    .sort();
}

/** The page's heading. Throws when there is no such page, or it has none. */
function titleOf(folder: string, page: string): string {
  const [, title] = /^# (.+)$/m.exec(readFileSync(new URL(`${folder}/${page}.md`, docs), 'utf8')) ?? [];
  if (title === undefined) throw new Error(`docs/${folder}/${page}.md has no heading`);
  return title;
}
