import type { MetricRegistry } from '../ports/metric-registry';
import { GUEST_ACTIONS } from '../../domain/guest-limits';
import type { GuestPace } from './guest-pace';
import type { LoopLateness } from './loop-lateness';
import { NEW_WORK, type NewWork } from './new-work';

export function registerOverloadMetrics(
  metrics: MetricRegistry,
  {
    loop,
    newWork,
    pace: guestPace,
  }: { readonly loop: LoopLateness; readonly newWork: NewWork; readonly pace: GuestPace },
): void {
  const late = { name: 'passerby_loop_late_seconds', help: 'How late the event loop goes round' } as const;
  metrics.gauge(late, () => loop.lateMs / 1000);
  const pace = { name: 'passerby_new_work_pace', help: 'New people, and new searches, a second' } as const;
  metrics.gauge(pace, () => newWork.perSecond);
  const total = (name: `passerby_${string}`, help: string, read: () => number): void =>
    metrics.gauge({ name, help }, read);
  for (const kind of NEW_WORK) {
    const name = `passerby_new_${kind === 'greeting' ? 'greetings' : 'searches'}` as const;
    total(`${name}_delayed`, 'Since the start: had to wait, because the node was late', () => {
      return newWork.counts[kind].delayed;
    });
    total(`${name}_refused`, 'Since the start: told to come again later', () => newWork.counts[kind].refused);
  }
  for (const action of GUEST_ACTIONS) {
    const words =
      'Since the start: delayed or refused, because too many came from one address or its network';
    const name = action === 'search' ? 'searches' : `${action}s`;
    total(`passerby_paced_${name}`, words, () => guestPace.counts[action]);
  }
}
