export * from './transformer.ts';
