export { type Page, type Plot, renderPage, type Section, type Table } from './page.ts';
export { barPlot, dotPlot, reliabilityPlot } from './plots.ts';
export { timePlot } from './time-plot.ts';
