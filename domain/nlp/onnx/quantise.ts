/** An int8 matrix and what a quantised number is multiplied by: one scale, or one a column. */
export interface QuantisedMatrix {
  readonly values: Int8Array;
  readonly scales: Float32Array;
}

/**
 * Symmetric int8 quantisation of a row-major matrix [rows, columns]: value ≈ quantised · scale, the largest becomes ±127.
 * @param grain a scale for each column, or one for the whole matrix. Columns (or a matrix) of zeros get scale 1.
 */
export function quantise(matrix: Float32Array, columns: number, grain: 'column' | 'tensor'): QuantisedMatrix {
  const groups = grain === 'column' ? columns : 1;
  const scales = new Float32Array(groups);
  for (let i = 0; i < matrix.length; i++) {
    const size = Math.abs(matrix[i]!);
    if (size > scales[i % groups]!) scales[i % groups] = size;
  }
  for (let c = 0; c < groups; c++) scales[c] = scales[c] === 0 ? 1 : scales[c]! / 127;
  const values = new Int8Array(matrix.length);
  for (let i = 0; i < values.length; i++) values[i] = Math.round(matrix[i]! / scales[i % groups]!);
  return { values, scales };
}
