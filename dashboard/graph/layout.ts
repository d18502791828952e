import ELK, { type ELK as Elk, type ElkNode } from 'elkjs/lib/elk-api.js';
import elkWorker from 'elkjs/lib/elk-worker.min.js?url';
import { useEffect, useState } from 'react';
import { type GraphEdge, type GraphNode, nodeHeight, type Point, reduced, widthOf } from './model.ts';

/** Where everything of a graph stands, in pixels from its upper left. */
export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly nodes: ReadonlyMap<string, Point & { readonly width: number }>;
  readonly edges: readonly (GraphEdge & { readonly points: readonly Point[] })[];
}

const options = {
  'elk.algorithm': 'layered',
  'elk.direction': 'RIGHT',
  'elk.edgeRouting': 'ORTHOGONAL',
  'elk.layered.spacing.nodeNodeBetweenLayers': '40',
  'elk.layered.spacing.edgeNodeBetweenLayers': '16',
  'elk.spacing.nodeNode': '16',
  'elk.spacing.edgeNode': '16',
  'elk.layered.nodePlacement.strategy': 'NETWORK_SIMPLEX',
  // Steps keep the order of the plan, so that the same pipeline always looks the same.
  'elk.layered.considerModelOrder.strategy': 'NODES_AND_EDGES',
  'elk.separateConnectedComponents': 'false',
};

let elk: Elk | undefined;
const layouts = new Map<string, Promise<Layout>>();

/** Lays a graph out in a worker; of a graph that was laid out before, at once. */
async function layOut(nodes: readonly GraphNode[], edges: readonly GraphEdge[]): Promise<Layout> {
  elk ??= new ELK({ workerFactory: () => new Worker(elkWorker) });
  const laid = await elk.layout({
    id: 'graph',
    layoutOptions: options,
    children: nodes.map((node) => ({ id: node.id, width: widthOf(node), height: nodeHeight })),
    edges: reduced(edges).map(({ from, to }) => ({ id: `${from} ${to}`, sources: [from], targets: [to] })),
  });
  return toLayout(laid);
}

function toLayout({ width = 0, height = 0, children = [], edges = [] }: ElkNode): Layout {
  return {
    width,
    height,
    nodes: new Map(children.map(({ id, x = 0, y = 0, width = 0 }) => [id, { x, y, width }])),
    edges: edges.map(({ sources, targets, sections = [] }) => ({
      from: sources[0] ?? '',
      to: targets[0] ?? '',
      points: sections.flatMap(({ startPoint, bendPoints = [], endPoint }) => [startPoint, ...bendPoints, endPoint]),
    })),
  };
}

/** The layout of a graph, which changes only with its nodes' names and its edges; null while it is made. */
export function useLayout(nodes: readonly GraphNode[], edges: readonly GraphEdge[]): Layout | Error | null {
  const shape = JSON.stringify([nodes.map(({ id, title }) => [id, title]), edges.map(({ from, to }) => [from, to])]);
  const [made, setMade] = useState<{ readonly shape: string; readonly layout: Layout | Error }>();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the shape stands for the nodes and edges
  useEffect(() => {
    let isWanted = true;
    const layout = layouts.get(shape) ?? layOut(nodes, edges);
    layouts.set(shape, layout);
    const set = (layout: Layout | Error): void => {
      if (isWanted) setMade({ shape, layout });
    };
    layout.then(set, (error: unknown) => {
      layouts.delete(shape);
      set(error instanceof Error ? error : new Error(String(error)));
    });
    return () => {
      isWanted = false;
    };
  }, [shape]);
  return made?.shape === shape ? made.layout : null;
}
