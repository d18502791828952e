import type { ReactElement } from 'react';
import { kinds } from '../language-data/kinds.ts';
import { ResourcePage } from '../language-data/resource.tsx';

export default function Glossary(): ReactElement {
  return <ResourcePage kind={kinds.glossary} />;
}
