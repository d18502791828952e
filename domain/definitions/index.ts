export { applyDefinitions } from './apply.ts';
export { changeText } from './change-text.ts';
export { collectDefinitions } from './collect.ts';
export { diffDefinitions } from './diff.ts';
