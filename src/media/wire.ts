import type { types } from 'mediasoup';
import { knownHeaderExtensions, type ConsumerOptions, type RtpCapabilities } from '../protocol';

/** A consumer as the client has to make it, without header extensions that only one of the two libraries knows. */
export function consumerForWire(
  consumer: types.Consumer,
  source: ConsumerOptions['source'],
): ConsumerOptions {
  const { id, producerId, kind, rtpParameters } = consumer;
  const headerExtensions = knownHeaderExtensions(rtpParameters.headerExtensions ?? []);
  return { id, producerId, kind, rtpParameters: { ...rtpParameters, headerExtensions }, source };
}

export const capabilitiesForWire = (capabilities: types.RtpCapabilities): RtpCapabilities => ({
  ...capabilities,
  headerExtensions: knownHeaderExtensions(capabilities.headerExtensions ?? []),
});
