import type { GuestRoom } from '../domain/guest-limits';
import type { PaceLimits } from '../domain/pace';
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
  GUESTS_PER_ADDRESS: variable({
    schema: wholeNumber(1),
    default: '10',
    description:
      'For how many guests one address has room, at least 1: all its guests together come, skip, chat and report at the ' +
      'pace of so many, and it counts for no more among those who are shown as here. Raise it where many share an ' +
      'address: behind a NAT, or where a load test runs.',
  }),
  GUESTS_PER_SUBNET: variable({
    schema: wholeNumber(1),
    default: '300',
    description:
      'The same for the network around an address (/24, or /48 of IPv6), as of a campus. It never has less room than one ' +
      'address.',
  }),
  MOST_NEW_PER_SECOND: variable({
    schema: wholeNumber(1),
    default: '500',
    description: 'How many new people, and how many new searches, this node takes each second at most.',
  }),
  LEAST_NEW_PER_SECOND: variable({
    schema: wholeNumber(1),
    default: '5',
    description:
      'How many it takes each second however late it is. In between, it takes as many as it can without being late; ' +
      'the others wait, or are told when to come again.',
  }),
});

export interface SignalingConfig {
  readonly newPerSecond: PaceLimits;
  readonly guestRoom: GuestRoom;
  readonly sockets: number;
  readonly socketsPerAddress: number;
}

export const signalingConfig = (values: ValuesOf<typeof signaling>): SignalingConfig => ({
  sockets: values.MAX_SOCKETS,
  socketsPerAddress: values.SOCKETS_PER_ADDRESS,
  guestRoom: { address: values.GUESTS_PER_ADDRESS, subnet: values.GUESTS_PER_SUBNET },
  newPerSecond: {
    least: Math.min(values.LEAST_NEW_PER_SECOND, values.MOST_NEW_PER_SECOND),
    most: values.MOST_NEW_PER_SECOND,
  },
});
