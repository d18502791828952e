import {
  Box,
  CalendarCheck2,
  Languages,
  type LucideIcon,
  Play,
  RefreshCw,
  Server,
  ShoppingBasket,
  Workflow,
} from 'lucide-react';
import { links } from './links.ts';

export interface Section {
  readonly title: string;
  readonly href: string;
  readonly icon: LucideIcon;
  /** Pressed after g. */
  readonly key: string;
  /** Beginnings of the addresses that belong to it. */
  readonly owns: readonly string[];
}

/** The parts of the dashboard, as they stand in the navigation. */
export const sections: readonly Section[] = [
  { title: 'Today', href: links.today, icon: CalendarCheck2, key: 't', owns: [] },
  { title: 'Runs', href: links.runs, icon: Play, key: 'r', owns: ['/runs', '/compare'] },
  {
    title: 'Pipelines',
    href: links.pipelines,
    icon: Workflow,
    key: 'p',
    owns: ['/pipelines', '/schedule', '/rule', '/deadline', '/backfill'],
  },
  { title: 'Offers', href: links.offers, icon: ShoppingBasket, key: 'o', owns: ['/offers'] },
  {
    title: 'Translate',
    href: links.translate,
    icon: Languages,
    key: 'l',
    owns: ['/translate', '/glossaries', '/memories', '/documents'],
  },
  { title: 'Models', href: links.models, icon: Box, key: 'm', owns: ['/models', '/rollouts'] },
  {
    title: 'Retraining',
    href: links.retraining,
    icon: RefreshCw,
    key: 'd',
    owns: ['/retraining', '/decisions', '/policies'],
  },
  { title: 'System', href: links.system, icon: Server, key: 's', owns: ['/system', '/alerts'] },
];

/** The section that an address belongs to. */
export const sectionOf = (path: string): Section | undefined =>
  path === '/' ? sections[0] : sections.find(({ owns }) => owns.some((start) => path.startsWith(start)));
