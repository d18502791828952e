export { compilePlan, definePipeline } from './compile.ts';
export type { AnyPipeline, Observe, PipelinePolicy, StepDefinition } from './definition.ts';
export { limitKeyOf } from './limits.ts';
export { createRunStarter, findPipeline, launch, type RunStarter } from './start-run.ts';
