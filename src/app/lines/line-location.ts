import { z } from 'zod';
import { lineId, nodeAddress } from '../cluster/shapes';

/** Where a peer's line is. */
export const lineLocationSchema = z.object({
  node: nodeAddress,
  lineId,
  /** The router of that node on which the line's transports are. */
  router: z.string().min(1).max(128),
  /** Calls may use it. */
  ready: z.boolean(),
});
export type LineLocation = z.infer<typeof lineLocationSchema>;

/** Where the media of a call flows: the nodes that have a part in its bridge, and the two lines that it connects. */
export const bridgeLocationSchema = z.object({
  generation: z.number().int(),
  nodes: z.array(nodeAddress).max(2),
  lines: z.tuple([lineId, lineId]),
});
export type BridgeLocation = z.infer<typeof bridgeLocationSchema>;
