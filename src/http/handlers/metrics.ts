import type { EndpointHandlers } from './types';

/** Metrics in the text format of Prometheus. */
export const metricsHandlers = (
  render: () => Promise<{ type: string; body: string }>,
): Pick<EndpointHandlers, 'metrics'> => ({ metrics: render });
