import { Handle, type Node, type NodeProps, Position } from '@xyflow/react';
import { ChevronDown, Workflow } from 'lucide-react';
import { Popover } from 'radix-ui';
import type { ReactElement, ReactNode } from 'react';
import { lookOf } from '../ui/status.tsx';
import styles from './graph.module.css';
import { type GraphNode, nodeHeight } from './model.ts';

export type NodeData = {
  readonly node: GraphNode;
  readonly width: number;
  readonly isSelected: boolean;
  readonly onSelect: ((id: string) => void) | undefined;
  readonly renderItems: ((id: string) => ReactNode) | undefined;
};

/** What a screen reader says of a node beyond what can be read in it. */
function more({ status, items, isCritical }: GraphNode): string {
  const parts = [
    status && lookOf(status).word,
    items && `${items.done} of ${items.total} items`,
    isCritical && 'on the critical path',
  ];
  return parts.filter(Boolean).join(', ');
}

export function StepNode({ data }: NodeProps<Node<NodeData>>): ReactElement {
  const { node, width, isSelected, onSelect, renderItems } = data;
  const look = node.status === undefined ? undefined : lookOf(node.status);
  const Icon = look?.icon ?? Workflow;
  const { items } = node;
  const share = items ? items.done / Math.max(1, items.total) : node.share;
  return (
    <div
      className={styles.node}
      style={{ width, height: nodeHeight }}
      data-node={node.id}
      data-tone={look?.tone}
      data-selected={isSelected || undefined}
      data-critical={node.isCritical || undefined}
    >
      <Handle type="target" position={Position.Left} className={styles.handle ?? ''} isConnectable={false} />
      <button
        type="button"
        className={styles.step}
        aria-pressed={onSelect ? isSelected : undefined}
        // A pointer chooses by the whole node.
        onClick={(event) => {
          event.stopPropagation();
          onSelect?.(node.id);
        }}
      >
        <Icon size={14} aria-hidden className={styles.icon} />
        <span className={styles.title}>{node.title}</span>
        <span className={styles.detail}>{items ? '' : node.detail}</span>
        <span className="hidden">{more(node)}</span>
      </button>
      {items ? (
        <Items node={node} items={items}>
          {renderItems?.(node.id)}
        </Items>
      ) : null}
      {share === undefined ? null : (
        <span className={styles.bar} aria-hidden>
          <span style={{ width: `${Math.min(100, share * 100)}%` }} />
          {items && items.failed > 0 ? (
            <span data-failed style={{ width: `${(items.failed / Math.max(1, items.total)) * 100}%` }} />
          ) : null}
        </span>
      )}
      <Handle type="source" position={Position.Right} className={styles.handle ?? ''} isConnectable={false} />
    </div>
  );
}

interface ItemsProps {
  readonly node: GraphNode;
  readonly items: NonNullable<GraphNode['items']>;
  readonly children: ReactNode;
}

/** A fan-out's count, which opens the list of its items. */
function Items({ node, items, children }: ItemsProps): ReactElement {
  const text = `${items.done} of ${items.total}${items.failed > 0 ? `, ${items.failed} failed` : ''}`;
  if (!children) return <span className={styles.items}>{text}</span>;
  return (
    <Popover.Root>
      <Popover.Trigger asChild>
        <button
          type="button"
          className={styles.items}
          aria-label={`Items of ${node.title}: ${text}`}
          onClick={(event) => event.stopPropagation()}
        >
          {text} <ChevronDown size={12} aria-hidden />
        </button>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          className={styles.popover}
          align="start"
          sideOffset={4}
          aria-label={`Items of ${node.title}`}
          // React takes what lies over the page for a part of the node, which a click would choose.
          onClick={(event) => event.stopPropagation()}
        >
          {children}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
