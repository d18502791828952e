export { exportVersion } from './export.ts';
export { importVersion } from './import.ts';
