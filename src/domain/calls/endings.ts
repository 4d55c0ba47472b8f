import type { EndReason } from '../../protocol';

/** Whether a participant's decision (or a missing one) ended a call, or whether it broke off. */
export function endingOf(reason: EndReason): 'ended' | 'disconnected' {
  switch (reason) {
    case 'next':
    case 'left':
    case 'blocked':
    case 'not_accepted':
    case 'plan_over':
      return 'ended';
    case 'lost':
    case 'media_failed':
    case 'shutting_down':
      return 'disconnected';
  }
}
