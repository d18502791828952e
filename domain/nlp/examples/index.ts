export { type InputOptions, modelInput } from './input.ts';
export { type Example, ExampleMaker, type ExampleOptions } from './maker.ts';
