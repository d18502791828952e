export { defineGraph } from './definition.ts';
export { runGraph } from './run.ts';
export { type AnyServedGraph, type PredictionContext, type RegistryModel, serveGraph } from './served-graph.ts';
