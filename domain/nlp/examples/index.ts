export { modelInput } from './input.ts';
export { type Example, ExampleMaker } from './maker.ts';
