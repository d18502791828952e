import type { ReactElement } from 'react';
import { kinds } from '../language-data/kinds.ts';
import { ResourceList } from '../language-data/list.tsx';

export default function Memories(): ReactElement {
  return <ResourceList kind={kinds.memory} />;
}
