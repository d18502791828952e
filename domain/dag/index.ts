export { compilePlan, definePipeline } from './compile.ts';
export type { AnyPipeline, StepDefinition } from './definition.ts';
export { createRunStarter, findPipeline, type RunStarter } from './start-run.ts';
