import {
  attribute,
  dispose,
  execute,
  executeOne,
  floats,
  floatsOf,
  keep,
  type NativeTensor,
  scoped,
  types,
} from './native.ts';

const dtype = [attribute.type('dtype', types.float32)];
let made = 0;

/** A float32 variable of the native library, changed in place. */
export class NativeVariable {
  readonly handle: NativeTensor;
  readonly shape: readonly number[];

  constructor(values: Float32Array, shape: readonly number[]) {
    this.shape = shape;
    const attributes = [
      attribute.text('container', ''),
      attribute.text('shared_name', `transformer-${++made}`),
      ...dtype,
      attribute.shape('shape', shape),
    ];
    this.handle = keep(executeOne('VarHandleOp', attributes));
    this.assign(values);
  }

  /** The variable takes over a copy of `values`. */
  assign(values: Float32Array): void {
    scoped(() => execute('AssignVariableOp', dtype, [this.handle, floats(values.slice(), this.shape)], 0));
  }

  read(): NativeTensor {
    return executeOne('ReadVariableOp', dtype, this.handle);
  }

  values(): Float32Array {
    return scoped(() => floatsOf(this.read()));
  }

  dispose(): void {
    execute('DestroyResourceOp', [attribute.bool('ignore_lookup_error', true)], [this.handle], 0);
    dispose(this.handle);
  }
}
