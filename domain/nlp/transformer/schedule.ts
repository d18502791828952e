/**
 * Learning rate of step 1, 2, …: rises linearly to `rate` over `warmup` steps, then falls with the inverse square root of the
 * step (Vaswani et al. 2017, with the peak given instead of derived from the width).
 */
export function inverseSquareRoot(
  step: number,
  { rate, warmup }: { readonly rate: number; readonly warmup: number },
): number {
  const rise = Math.max(1, warmup);
  return rate * Math.min(step / rise, Math.sqrt(rise / step));
}
