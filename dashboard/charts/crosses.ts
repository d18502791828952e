import type uPlot from 'uplot';

/** Half a cross, in pixels of the screen. */
const reach = 3;

/** Draws the points of a series as crosses: a shape that stands beside its colour. */
export const crosses: uPlot.Series.Points.PathBuilder = (chart, seriesIndex, first, last, filtered) => {
  const [times, values] = [chart.data[0], chart.data[seriesIndex]];
  const stroke = new Path2D();
  const half = reach * devicePixelRatio;
  const draw = (index: number): void => {
    const [time, value] = [times[index], values?.[index]];
    if (time === undefined || value == null) return;
    const [x, y] = [chart.valToPos(time, 'x', true), chart.valToPos(value, 'y', true)];
    stroke.moveTo(x - half, y - half);
    stroke.lineTo(x + half, y + half);
    stroke.moveTo(x + half, y - half);
    stroke.lineTo(x - half, y + half);
  };
  if (filtered) filtered.forEach(draw);
  else for (let index = first; index <= last; index++) draw(index);
  return { stroke };
};
