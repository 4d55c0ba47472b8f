import { DeviceRequests } from '../../../client/src/chat/engine/device-requests';

const realNavigator = Object.getOwnPropertyDescriptor(globalThis, 'navigator');
afterEach(() => {
  if (realNavigator) Object.defineProperty(globalThis, 'navigator', realNavigator);
  Reflect.deleteProperty(globalThis, 'window');
});

/** A browser that answers every request for a device as the test says. */
function withBrowser(getUserMedia: () => Promise<MediaStream>): void {
  Object.defineProperty(globalThis, 'navigator', {
    configurable: true,
    value: { mediaDevices: { getUserMedia } },
  });
  Object.defineProperty(globalThis, 'window', {
    configurable: true,
    value: { setTimeout, clearTimeout, isSecureContext: true },
  });
}

test('V4 a request that was refused is awaited no longer, so that the device can be asked for again', async () => {
  withBrowser(() =>
    Promise.reject(Object.assign(new Error('another program has it'), { name: 'NotReadableError' })),
  );
  const requests = new DeviceRequests({ opened: () => undefined, unanswered: () => undefined });
  const request = requests.begin('camera');
  const sent = requests.send(request, [{ kind: 'camera', deviceId: undefined, exact: false }]);
  expect(requests.awaits('camera')).toBe(true);
  expect(await sent).toBe('in_use');
  expect(requests.awaits('camera')).toBe(false);
});
