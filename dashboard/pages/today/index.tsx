import type { ReactElement } from 'react';
import { Page } from '../../ui/page.tsx';

export default function Today(): ReactElement {
  return <Page title="Today">…</Page>;
}
