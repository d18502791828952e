export { compilePlan, definePipeline } from './compile.ts';
export type { AnyPipeline, Duration, PipelineDefinition, StepDefinition } from './definition.ts';
export { validateParams } from './params.ts';
