import {
  type AttributeProto,
  attributeTypes,
  type ElementType,
  elementTypes,
  type GraphProto,
  type NodeProto,
  type TensorProto,
  type ValueInfoProto,
} from './proto.ts';

/** Name of a value in a graph; '' leaves an optional input away. */
export type Value = string;

/** Wraps a number that ONNX takes as a float attribute; plain numbers are integers. */
export interface FloatAttribute {
  readonly float: number;
}

export type Attribute = number | string | readonly number[] | FloatAttribute | GraphProto;

type TensorData = Float32Array | Int8Array | Uint8Array | Int32Array | BigInt64Array;

const contrib = new Set(['DynamicQuantizeMatMul', 'GroupQueryAttention', 'MultiHeadAttention']);

/**
 * Writes a graph node by node. A body of a Loop or If is a builder of its own, made by {@link body}, whose nodes may read
 * the values of the graph around it.
 */
export class GraphBuilder {
  private readonly nodes: NodeProto[] = [];
  private readonly initializers: TensorProto[] = [];
  private readonly inputs: ValueInfoProto[] = [];
  private readonly outputs: ValueInfoProto[] = [];
  private readonly names: Set<string>;
  /** Constants go to the outermost graph, where ONNX Runtime packs them once at load. */
  private readonly root: GraphBuilder;
  private readonly constants = new Map<string, Value>();
  private readonly name: string;

  constructor(name: string, parent?: GraphBuilder) {
    this.name = name;
    this.root = parent?.root ?? this;
    this.names = parent?.names ?? new Set();
  }

  /** A builder for the body of a control-flow node of this graph. */
  body(name: string): GraphBuilder {
    return new GraphBuilder(name, this);
  }

  /** Declares an input. `dims`: numbers, or names of what varies. Without dims the rank is open. */
  input(name: string, type: ElementType, dims?: readonly (number | string)[]): Value {
    this.inputs.push(valueInfo(this.claim(name), type, dims));
    return name;
  }

  /** Declares that `value`, made by a node of this graph, is an output; in a body the order counts. */
  output(value: Value, type: ElementType, dims?: readonly (number | string)[]): void {
    this.outputs.push(valueInfo(value, type, dims));
  }

  /** A weight or table of the model. The same name gives the same tensor. */
  tensor(name: string, dims: readonly number[], data: TensorData): Value {
    const root = this.root;
    const known = root.constants.get(name);
    if (known !== undefined) return known;
    root.constants.set(name, root.claim(name));
    root.initializers.push({
      name,
      dims,
      data_type: elementTypes[elementTypeOf(data)],
      raw_data: new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
    });
    return name;
  }

  /** A small int64 constant: a scalar for a number, else a vector. Equal ones are shared. */
  int64(value: number | readonly number[]): Value {
    const list = typeof value === 'number' ? [value] : value;
    const dims = typeof value === 'number' ? [] : [list.length];
    return this.tensor(`int64 ${JSON.stringify(value)}`, dims, BigInt64Array.from(list, BigInt));
  }

  int32(value: number | readonly number[]): Value {
    const list = typeof value === 'number' ? [value] : value;
    const dims = typeof value === 'number' ? [] : [list.length];
    return this.tensor(`int32 ${JSON.stringify(value)}`, dims, Int32Array.from(list));
  }

  float32(value: number | readonly number[]): Value {
    const list = typeof value === 'number' ? [value] : value;
    const dims = typeof value === 'number' ? [] : [list.length];
    return this.tensor(`float32 ${list.map(String).join(' ')} ${dims.length}`, dims, Float32Array.from(list));
  }

  /** A node with one output. */
  op(type: string, inputs: readonly Value[], attributes: Readonly<Record<string, Attribute>> = {}): Value {
    return this.multi(type, inputs, 1, attributes)[0] as Value;
  }

  /** A node whose only output has a name of its own. */
  named(name: Value, type: string, inputs: readonly Value[], attributes: Readonly<Record<string, Attribute>> = {}) {
    this.node(type, inputs, [this.claim(name)], attributes);
    return name;
  }

  /** A node with `count` outputs. */
  multi(
    type: string,
    inputs: readonly Value[],
    count: number,
    attributes: Readonly<Record<string, Attribute>> = {},
  ): Value[] {
    const outputs = Array.from({ length: count }, () => this.claim(`${type}.${this.names.size}`));
    this.node(type, inputs, outputs, attributes);
    return outputs;
  }

  build(): GraphProto {
    return {
      name: this.name,
      node: this.nodes,
      initializer: this.initializers,
      input: this.inputs,
      output: this.outputs,
    };
  }

  private node(
    type: string,
    inputs: readonly Value[],
    outputs: readonly Value[],
    attributes: Readonly<Record<string, Attribute>>,
  ): void {
    this.nodes.push({
      name: outputs[0] as Value,
      op_type: type,
      domain: contrib.has(type) ? 'com.microsoft' : '',
      input: inputs,
      output: outputs,
      attribute: Object.entries(attributes).map(([name, value]) => attributeProto(name, value)),
    });
  }

  private claim(name: string): string {
    if (this.names.has(name)) throw new Error(`The graph already has a value named ${name}`);
    this.names.add(name);
    return name;
  }
}

function valueInfo(name: string, type: ElementType, dims?: readonly (number | string)[]): ValueInfoProto {
  const shape = dims && {
    shape: { dim: dims.map((d) => (typeof d === 'number' ? { dim_value: d } : { dim_param: d })) },
  };
  return { name, type: { tensor_type: { elem_type: elementTypes[type], ...shape } } };
}

function elementTypeOf(data: TensorData): ElementType {
  if (data instanceof Float32Array) return 'float32';
  if (data instanceof Int8Array) return 'int8';
  if (data instanceof Uint8Array) return 'uint8';
  return data instanceof Int32Array ? 'int32' : 'int64';
}

function attributeProto(name: string, value: Attribute): AttributeProto {
  if (typeof value === 'number') return { name, type: attributeTypes.int, i: value };
  if (typeof value === 'string') return { name, type: attributeTypes.string, s: new TextEncoder().encode(value) };
  if (Array.isArray(value)) return { name, type: attributeTypes.ints, ints: value as readonly number[] };
  if ('float' in value) return { name, type: attributeTypes.float, f: value.float };
  return { name, type: attributeTypes.graph, g: value as GraphProto };
}
