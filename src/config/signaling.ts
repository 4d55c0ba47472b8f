import { wholeNumber } from './forms';
import { defineFeature, variable, type ValuesOf } from './variable';

export const signaling = defineFeature('Signaling', {
  MAX_SOCKETS: variable({
    schema: wholeNumber(1),
    default: '20000',
    description: 'How many sockets may be open on this node, at least 1.',
  }),
  SOCKETS_PER_ADDRESS: variable({
    schema: wholeNumber(1),
    default: '64',
    description: 'How many sockets one address may have open on this node, at least 1.',
  }),
});

export interface SignalingConfig {
  readonly sockets: number;
  readonly socketsPerAddress: number;
}

export const signalingConfig = (values: ValuesOf<typeof signaling>): SignalingConfig => ({
  sockets: values.MAX_SOCKETS,
  socketsPerAddress: values.SOCKETS_PER_ADDRESS,
});
