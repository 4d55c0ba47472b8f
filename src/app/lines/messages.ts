import { z } from 'zod';
import { notification, request } from '../cluster/messages';
import { callId, generation, lineId, peerId } from '../cluster/shapes';

const line = z.object({ peerId, lineId });

/** To a line's gateway, from the node of the line: the line is gone though the gateway did not close it. */
export const lineLost = notification('line_lost', line);
/** To a line's gateway, from the node of the line, which is draining: the line has to be made on another node. */
export const lineMove = notification('line_move', line);
/** To all nodes, and so to the owner of the call: this bridge is gone though its lines may be there. */
export const bridgeBroken = notification('bridge_broken', z.object({ callId, generation }));
/** To a gateway: the lines of its peers on the sending node. Answers with the lines that it does not know. */
export const linesReconcile = request(
  'lines_reconcile',
  z.object({ lines: z.array(line) }),
  z.object({ unknown: z.array(line) }),
);
