/** A step of a pipeline or of a run, as a graph shows it. */
export interface GraphNode {
  readonly id: string;
  readonly title: string;
  /** Of a run's step: a status that `lookOf` knows; absent: what is drawn is a definition. */
  readonly status?: string | undefined;
  /** The line under the title: how long it took, where it runs. */
  readonly detail?: string | undefined;
  /** How far it has come, 0 to 1; drawn while it is given. */
  readonly share?: number | undefined;
  /** A fan-out: how many of its items have ended, of how many, and how many of these failed. */
  readonly items?: { readonly done: number; readonly total: number; readonly failed: number } | undefined;
  readonly isCritical?: boolean | undefined;
}

export interface GraphEdge {
  readonly from: string;
  readonly to: string;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Pixels of every node's height. */
export const nodeHeight = 52;
const [narrowest, widest, letter, around] = [156, 288, 7.2, 52];

/** Pixels of a node's width, which its name alone decides: states that change move nothing. */
export const widthOf = ({ title }: Pick<GraphNode, 'title'>): number =>
  Math.round(Math.min(widest, Math.max(narrowest, title.length * letter + around)));

/** Edges without those that a longer way implies, in the order given: what is left shows what a step waits for. */
export function reduced(edges: readonly GraphEdge[]): readonly GraphEdge[] {
  const next = new Map<string, string[]>();
  for (const { from, to } of edges) next.set(from, [...(next.get(from) ?? []), to]);
  const reach = new Map<string, ReadonlySet<string>>();
  const reachOf = (id: string): ReadonlySet<string> => {
    const known = reach.get(id);
    if (known) return known;
    const found = new Set<string>();
    // What leads in a circle ends here; a plan has none.
    reach.set(id, found);
    for (const to of next.get(id) ?? []) {
      found.add(to);
      for (const beyond of reachOf(to)) found.add(beyond);
    }
    return found;
  };
  return edges.filter(({ from, to }) => !next.get(from)?.some((other) => other !== to && reachOf(other).has(to)));
}

/** A step with what it needs and how long it worked, in milliseconds. */
export interface TimedStep {
  readonly id: string;
  readonly needs: readonly string[];
  readonly ms: number;
}

/**
 * The chain of steps that took longest: making any other step faster would not have made the whole faster.
 *
 * @param steps in an order in which every step comes after its needs.
 * @returns ids from first to last, without steps that took no time; empty where none took any.
 */
export function criticalPath(steps: readonly TimedStep[]): readonly string[] {
  const best = new Map<string, { readonly ms: number; readonly before: string | undefined }>();
  for (const { id, needs, ms } of steps) {
    let before: string | undefined;
    for (const need of needs) if ((best.get(need)?.ms ?? 0) > (before ? (best.get(before)?.ms ?? 0) : 0)) before = need;
    best.set(id, { ms: ms + (before ? (best.get(before)?.ms ?? 0) : 0), before });
  }
  let last: string | undefined;
  for (const [id, { ms }] of best) if (ms > (last ? (best.get(last)?.ms ?? 0) : 0)) last = id;
  const took = new Map(steps.map(({ id, ms }) => [id, ms]));
  const path: string[] = [];
  for (let id = last; id !== undefined; id = best.get(id)?.before) if ((took.get(id) ?? 0) > 0) path.unshift(id);
  return path;
}

/**
 * Where a graph has to begin in its frame so that a place of it stands in the middle, without showing more beyond the graph's
 * ends than a margin; a graph that fits stands in the middle itself. All in pixels along one axis, the graph's before `zoom`.
 */
export function centredOn(place: number, frame: number, graph: number, zoom: number, margin: number): number {
  const length = graph * zoom;
  if (length + 2 * margin <= frame) return (frame - length) / 2;
  return Math.min(margin, Math.max(frame - margin - length, frame / 2 - place * zoom));
}

const corner = 6;

/** An SVG path along points, with round corners. */
export function pathAlong(points: readonly Point[]): string {
  const [first, ...rest] = points;
  if (!first) return '';
  let path = `M${first.x},${first.y}`;
  rest.forEach((point, index) => {
    const before = points[index] as Point;
    const after = points[index + 2];
    if (!after) path += `L${point.x},${point.y}`;
    else {
      const [start, end] = [towards(point, before), towards(point, after)];
      path += `L${start.x},${start.y}Q${point.x},${point.y} ${end.x},${end.y}`;
    }
  });
  return path;
}

/** The point on the way to another where its corner begins. */
function towards(from: Point, to: Point): Point {
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  const share = length === 0 ? 0 : Math.min(corner, length / 2) / length;
  return { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share };
}
