import { errorMessage } from '../../ui/errors/error-message';
import type { CallView, DeviceProblem, Notice } from '../engine/state';
import type { Words } from '../words';

/** The minutes that are left, rounded up: no countdown runs while people talk. */
const minutesLeft = (ms: number, words: Words): string =>
  words.say('time.minutes', { count: Math.max(1, Math.ceil(ms / 60_000)) });

function deviceMessage(device: DeviceProblem, words: Words): string {
  return device.kind === 'camera'
    ? words.say(`device.camera.${device.problem}`)
    : words.say(`device.microphone.${device.problem}`);
}

/** `now` matters only to messages about something that runs out. */
export function noticeMessage(notice: Notice, words: Words, now = notice.saidAt): string {
  switch (notice.code) {
    case 'plan_minutes_low': {
      const left = (notice.leftMs ?? 0) - (now - notice.saidAt);
      return words.say('notice.plan_minutes_low', { time: minutesLeft(left, words) });
    }
    case 'device':
      return notice.device === undefined ? '' : deviceMessage(notice.device, words);
    case 'shutting_down':
    case 'search_expired':
    case 'reported':
    case 'blocked':
    case 'signed_out':
      return words.say(`notice.${notice.code}`);
    default:
      return errorMessage({ ...notice, code: notice.code }, notice.at, words);
  }
}

/** Notices that link to the plans page. */
export const concernsPlan = (code: Notice['code']): boolean =>
  code === 'plan_minutes_used' || code === 'plan_needed';

/** Whether the notice says that this call's partner has been reported: the user may then want to be rid of them. */
export const isReportOf = (notice: Notice, call: CallView): boolean =>
  notice.code === 'reported' && notice.about?.id === call.partner.id;
