import { Counter, Histogram, type Registry } from 'prom-client';

/** Metrics of the requests that a process answers: by template of the route, so that ids make no series. */
export function httpMetrics(
  registry: Registry,
): (request: { readonly method: string; readonly route: string; readonly status: number }, seconds: number) => void {
  const registers = [registry];
  const requests = new Counter({
    name: 'perennial_http_requests_total',
    help: 'Requests answered.',
    labelNames: ['method', 'route', 'status'],
    registers,
  });
  const duration = new Histogram({
    name: 'perennial_http_request_duration_seconds',
    help: 'Time to answer a request.',
    labelNames: ['method', 'route'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers,
  });
  return ({ method, route, status }, seconds) => {
    requests.inc({ method, route, status: String(status) });
    duration.observe({ method, route }, seconds);
  };
}
