export { Announcement, newReplica } from './announcement.ts';
export { errorOf, jsonOf } from './answers.ts';
export { checkCall } from './call-signature.ts';
export { jsonCall } from './json-call.ts';
export { type CallOutcome, isStale, ReplicaRouter, type ReplicaRouterOptions, type RoutedCall } from './router.ts';
