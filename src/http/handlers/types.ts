import type { ENDPOINTS, EndpointName } from '../endpoints';
import type { Handlers, RequestContext } from '../routing/context';

/** The handlers of all endpoints; each file here has those of one feature. */
export type EndpointHandlers = Handlers<typeof ENDPOINTS>;

export type ContextOf<N extends EndpointName> = RequestContext<(typeof ENDPOINTS)[N]>;
