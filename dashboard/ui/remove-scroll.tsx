import type { ElementType, ReactElement, ReactNode } from 'react';

export interface RemoveScrollProps {
  readonly as?: ElementType;
  readonly children: ReactNode;
  readonly allowPinchZoom?: boolean;
  readonly shards?: unknown;
  readonly enabled?: boolean;
}

/**
 * Stands for the package react-remove-scroll in what dialogs are built with: that one writes a style element into the page, which
 * the page's policy forbids. base.css keeps the page from scrolling instead.
 */
export function RemoveScroll({
  as: Element = 'div',
  children,
  allowPinchZoom: _allowPinchZoom,
  shards: _shards,
  enabled: _enabled,
  ...rest
}: RemoveScrollProps): ReactElement {
  return <Element {...rest}>{children}</Element>;
}
