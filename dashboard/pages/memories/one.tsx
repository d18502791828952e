import type { ReactElement } from 'react';
import { kinds } from '../language-data/kinds.ts';
import { ResourcePage } from '../language-data/resource.tsx';

export default function Memory(): ReactElement {
  return <ResourcePage kind={kinds.memory} />;
}
