/** What happens to a camera, microphone or speaker while it is in use, and which one is used. */
export const devices = {
  'device.camera.no_answer': 'Your browser has not opened the camera yet',
  'device.camera.interrupted': 'Your device has paused the camera',
  'device.microphone.no_answer': 'Your browser has not opened the microphone yet',
  'device.microphone.interrupted': 'Your device has paused the microphone',
  'device.microphone.silent': 'No sound comes from your microphone. Is it switched off on the device?',
  'device.microphone.replaced': 'Your microphone was disconnected. Another one is in use now.',
  'device.how.no_answer.1':
    'Look for a question from your browser, often beside the address, and choose Allow.',
  'device.how.no_answer.2':
    'If there is none, close other programs that use the device, then press Try again.',
  'devices.heading': 'Devices',
  'devices.open': 'Choose devices',
  'settings.speaker': 'Speaker',
  'settings.speaker.default': 'Your device’s usual one',
  'settings.speaker.nth': 'Speaker {count}',
  'settings.choose': 'Choose one',
  'you.camera_paused': 'Camera paused by your device',
  'you.microphone_paused': 'Microphone paused by your device',
} as const;
