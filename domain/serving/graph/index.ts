export { defineGraph, type Graph } from './definition.ts';
export { runGraph } from './run.ts';
