import type { EndReason } from '../../protocol';

/** Whether a call came to its end by somebody's decision (or the want of one), or broke off. */
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
