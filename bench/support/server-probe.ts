/**
 * Loaded into a server's process before the server itself (`node --require`): tells the bench, over IPC, when
 * `partner_found` is handed to a socket and when a producer has been resumed. It looks at the two libraries and not at
 * the product, so that it works on every version of the product.
 */
import { createRequire } from 'node:module';
import path from 'node:path';
import type { ServerMark } from './server-marks';

type Send = (data: unknown, ...rest: unknown[]) => void;
interface SocketLibrary {
  readonly WebSocket: { readonly prototype: { send: Send } };
}
interface ProducerModule {
  readonly ProducerImpl: { readonly prototype: { resume: () => Promise<void> } };
}

/** The libraries of the server that is started, which may be another checkout's. */
const load = createRequire(path.join(process.cwd(), 'package.json'));
const now = (): number => performance.timeOrigin + performance.now();
const report = (mark: ServerMark): void => void process.send?.(mark);

function watchSockets({ WebSocket }: SocketLibrary): void {
  const { send } = WebSocket.prototype;
  WebSocket.prototype.send = function (data, ...rest) {
    const at = now();
    send.call(this, data, ...rest);
    if (typeof data !== 'string' || !data.startsWith('{"event":"partner_found"')) return;
    const callId = /"callId":"([^"]+)"/.exec(data)?.[1];
    if (callId !== undefined) report({ mark: 'partner_found sent', callId, at });
  };
}

function watchProducers({ ProducerImpl }: ProducerModule): void {
  const { resume } = ProducerImpl.prototype;
  ProducerImpl.prototype.resume = async function () {
    await resume.call(this);
    report({ mark: 'producer resumed', at: now() });
  };
}

// A channel that is listened to by nobody must not keep the server from ending.
process.channel?.unref();
watchSockets(load('ws') as SocketLibrary);
watchProducers(load(path.join(path.dirname(load.resolve('mediasoup')), 'Producer.js')) as ProducerModule);
