import '@xyflow/react/dist/base.css';
import {
  BaseEdge,
  type Edge,
  type EdgeProps,
  type Node,
  Position,
  ReactFlow,
  ReactFlowProvider,
  useReactFlow,
} from '@xyflow/react';
import { Maximize, ZoomIn, ZoomOut } from 'lucide-react';
import { type ReactElement, type ReactNode, useEffect, useMemo, useRef } from 'react';
import { Button } from '../ui/button.tsx';
import { Failure, Loading } from '../ui/states.tsx';
import styles from './graph.module.css';
import { type Layout, useLayout } from './layout.ts';
import { centredOn, type GraphEdge, type GraphNode, nodeHeight, type Point, pathAlong } from './model.ts';
import { type NodeData, StepNode } from './node.tsx';

export interface GraphProps {
  /** What it is a graph of, for screen readers; a list of the same things stands beside it. */
  readonly label: string;
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
  /** Id of a node that the graph begins around, where it is too long to be seen whole. */
  readonly around?: string | undefined;
  /** Id of the node that is chosen; it is moved into sight. */
  readonly selected?: string | null | undefined;
  readonly onSelect?: (id: string) => void;
  /** What a fan-out unfolds to; absent: it does not unfold. */
  readonly renderItems?: (id: string) => ReactNode;
}

type EdgeData = { readonly points: readonly Point[]; readonly isCritical: boolean };

const nodeTypes = { step: StepNode };
const edgeTypes = { way: Way };
const margin = 16;
/** Below this names cannot be read: a long graph begins at its left instead, and is moved by dragging. */
const [smallest, readable, largest] = [0.2, 0.85, 1.5];
const [lowest, highest] = [160, 480];

/** A graph of steps, left to right: dragging moves it, Ctrl and the wheel make it larger. Names alone decide where nodes stand. */
export function Graph(props: GraphProps): ReactElement {
  const layout = useLayout(props.nodes, props.edges);
  if (layout instanceof Error) return <Failure error={layout} />;
  if (layout === null) return <Loading lines={6} />;
  return (
    <ReactFlowProvider>
      <Drawn {...props} layout={layout} />
    </ReactFlowProvider>
  );
}

function Drawn(props: GraphProps & { readonly layout: Layout }): ReactElement {
  const { label, nodes, edges, around, selected, onSelect, renderItems, layout } = props;
  const flow = useReactFlow();
  const frame = useRef<HTMLElement>(null);
  const placed = useMemo(
    () => nodes.flatMap((node) => place(node, layout, { isSelected: node.id === selected, onSelect, renderItems })),
    [nodes, layout, selected, onSelect, renderItems],
  );
  const ways = useMemo(() => waysOf(nodes, edges, layout), [nodes, edges, layout]);
  const reveal = (id: string, duration = 0): void => {
    const at = layout.nodes.get(id);
    const box = frame.current?.getBoundingClientRect();
    if (!at || !box) return;
    const { x, y, zoom } = flow.getViewport();
    const [left, top] = [at.x * zoom + x, at.y * zoom + y];
    const isInSight =
      left >= 0 && top >= 0 && left + at.width * zoom <= box.width && top + nodeHeight * zoom <= box.height;
    if (isInSight) return;
    const to = {
      x: centredOn(at.x + at.width / 2, box.width, layout.width, zoom, margin),
      y: centredOn(at.y + nodeHeight / 2, box.height, layout.height, zoom, margin),
    };
    void flow.setViewport({ ...to, zoom }, { duration, interpolate: 'linear' });
  };
  /** Shows the whole, or its beginning where it would have to be smaller than `least`. */
  const show = (least: number): void => {
    const box = frame.current?.getBoundingClientRect();
    if (!box) return;
    const share = Math.min((box.width - 2 * margin) / layout.width, (box.height - 2 * margin) / layout.height);
    const zoom = Math.min(1, Math.max(least, share));
    const centred = (whole: number, part: number): number => Math.max(margin, (whole - part * zoom) / 2);
    void flow.setViewport({ x: centred(box.width, layout.width), y: centred(box.height, layout.height), zoom });
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was chosen elsewhere is moved into sight once
  useEffect(() => {
    if (selected) reveal(selected, 150);
  }, [selected]);
  const fit = useRef(() => {});
  fit.current = () => {
    const first = selected ?? around;
    if (first) reveal(first);
    else show(readable);
  };
  // A frame that becomes narrower, as beside a panel or on a phone that is turned, keeps in sight what matters.
  useEffect(() => {
    const box = frame.current;
    if (!box) return;
    let width = box.clientWidth;
    const observer = new ResizeObserver(() => {
      if (box.clientWidth !== width) fit.current();
      width = box.clientWidth;
    });
    observer.observe(box);
    return () => observer.disconnect();
  }, []);
  const height = Math.min(highest, Math.max(lowest, layout.height * readable + 4 * margin));
  return (
    <section ref={frame} className={styles.frame} style={{ height }} aria-label={label}>
      <ReactFlow
        nodes={placed}
        edges={ways}
        nodeTypes={nodeTypes}
        edgeTypes={edgeTypes}
        onInit={() => {
          show(readable);
          const first = selected ?? around;
          if (first) reveal(first);
        }}
        onNodeClick={(_, node) => onSelect?.(node.id)}
        minZoom={smallest}
        maxZoom={largest}
        nodesDraggable={false}
        nodesConnectable={false}
        nodesFocusable={false}
        edgesFocusable={false}
        elementsSelectable={false}
        disableKeyboardA11y
        zoomOnScroll={false}
        zoomOnDoubleClick={false}
        preventScrolling={false}
        proOptions={{ hideAttribution: true }}
        onFocus={(event) => {
          const id = (event.target as HTMLElement).closest<HTMLElement>('[data-node]')?.dataset['node'];
          // A pointer is there already.
          if (id && event.target.matches(':focus-visible')) reveal(id, 150);
        }}
      />
      <div className={styles.controls}>
        <Button kind="quiet" small icon={ZoomIn} aria-label="Larger" onClick={() => void flow.zoomIn()} />
        <Button kind="quiet" small icon={ZoomOut} aria-label="Smaller" onClick={() => void flow.zoomOut()} />
        <Button kind="quiet" small icon={Maximize} aria-label="Show the whole graph" onClick={() => show(smallest)} />
      </div>
      {nodes.some(({ isCritical }) => isCritical) ? (
        <p className={styles.legend}>
          <svg width={24} height={8} aria-hidden>
            <path d="M0,4H24" className={styles.critical} />
          </svg>
          critical path
        </p>
      ) : null}
    </section>
  );
}

type Ways = Omit<NodeData, 'node' | 'width'>;

function place(node: GraphNode, { nodes }: Layout, rest: Ways): Node<NodeData>[] {
  const at = nodes.get(node.id);
  if (!at) return [];
  const side = (type: 'source' | 'target', x: number, position: Position) => ({
    ...{ type, position, x, y: nodeHeight / 2, width: 1, height: 1 },
  });
  return [
    {
      ...{ id: node.id, type: 'step', position: { x: at.x, y: at.y }, width: at.width, height: nodeHeight },
      handles: [side('target', 0, Position.Left), side('source', at.width, Position.Right)],
      data: { node, width: at.width, ...rest },
    },
  ];
}

function waysOf(nodes: readonly GraphNode[], edges: readonly GraphEdge[], layout: Layout): Edge<EdgeData>[] {
  const critical = new Set(nodes.filter(({ isCritical }) => isCritical).map(({ id }) => id));
  const isCritical = ({ from, to }: GraphEdge): boolean => critical.has(from) && critical.has(to);
  const given = new Set(edges.map(({ from, to }) => `${from} ${to}`));
  return layout.edges
    .filter(({ from, to }) => given.has(`${from} ${to}`))
    .map((edge) => ({
      ...{ id: `${edge.from} ${edge.to}`, source: edge.from, target: edge.to, type: 'way' },
      // The list beside the graph says what needs what.
      ...{ zIndex: isCritical(edge) ? 1 : 0, ariaRole: 'presentation' as const, ariaLabel: null as never },
      data: { points: edge.points, isCritical: isCritical(edge) },
    }));
}

function Way({ data }: EdgeProps<Edge<EdgeData>>): ReactElement {
  return <BaseEdge path={pathAlong(data?.points ?? [])} className={data?.isCritical ? styles.critical : styles.way} />;
}
