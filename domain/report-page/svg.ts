import { type Mark, parse, type Spec, View } from 'vega';
import { Html, html } from './html.ts';

/** Drawn at this width: it fits a phone, and two stand side by side on a desk. */
const width = 400;

const text = { labelColor: 'var(--muted)', titleColor: 'var(--muted)', labelFontSize: 12, titleFontSize: 12 } as const;
const config = {
  background: 'transparent',
  axis: {
    ...text,
    titleFontWeight: 'normal',
    titlePadding: 8,
    domainColor: 'var(--rule)',
    tickColor: 'var(--rule)',
    gridColor: 'var(--grid)',
    gridWidth: 1,
  },
} as const;

/** The SVG of a specification; the same one gives the same bytes. Colours are variables of the page. */
export async function svgOf(spec: Spec, label: string): Promise<Html> {
  const view = new View(parse(spec, config), { renderer: 'none' });
  try {
    const svg = await view.toSVG();
    return new Html(svg.replace('<svg ', html`<svg role="img" aria-label="${label}" `.text));
  } finally {
    view.finalize();
  }
}

export const base = { width, autosize: { type: 'fit', contains: 'padding' }, padding: 4 } as const;
export const aria = { aria: false } as const;

/** The marks by their place in a legend: ours, and what it is compared with. */
const shapes = {
  filled: { shape: 'circle', fill: 'var(--accent)', stroke: 'var(--accent)', size: 64 },
  hollow: { shape: 'diamond', fill: 'none', stroke: 'var(--ink)', size: 110 },
} as const;
export type Shape = keyof typeof shapes;

const marksInOrder = ['filled', 'hollow'] as const;

/** Points by their mark. */
export function byMark<Point extends { readonly mark: Shape }>(points: readonly Point[]) {
  return marksInOrder.map((mark) => ({ name: mark, values: points.filter((point) => point.mark === mark) }));
}

/** Where a mark stands, by fields of its data. */
export function placed(x: string, y: string) {
  return { x: { scale: 'x', field: x }, y: { scale: 'y', field: y } } as const;
}

/** Lines that tell what values are to be compared with. */
export const dashed = { stroke: { value: 'var(--muted)' }, strokeDash: { value: [4, 4] } };

/** The points of {@link byMark}: hollow ones last, so that one around a filled one is seen. */
export function symbols(x: string, y: string): Mark[] {
  return marksInOrder.map((mark) => {
    const { shape, fill, stroke, size } = shapes[mark];
    return {
      ...aria,
      type: 'symbol',
      from: { data: mark },
      encode: {
        update: {
          ...placed(x, y),
          shape: { value: shape },
          fill: { value: fill },
          stroke: { value: stroke },
          strokeWidth: { value: 1.5 },
          size: { value: size },
        },
      },
    };
  });
}
