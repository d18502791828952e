import { useRouter } from '@tanstack/react-router';
import type { AnchorHTMLAttributes, MouseEvent, ReactElement } from 'react';

export interface GoProps extends AnchorHTMLAttributes<HTMLAnchorElement> {
  /** From `links`, with a query where wanted. */
  readonly href: string;
}

/** A link to a page of the dashboard: opens it in place, or in a tab of its own as other links do. */
export function Go({ href, onClick, ...rest }: GoProps): ReactElement {
  const router = useRouter();
  const go = (event: MouseEvent<HTMLAnchorElement>): void => {
    onClick?.(event);
    const isOwn = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
    if (event.defaultPrevented || !isOwn) return;
    event.preventDefault();
    router.history.push(href);
  };
  return <a {...rest} href={href} onClick={go} />;
}
