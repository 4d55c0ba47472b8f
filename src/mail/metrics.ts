import type { MailHealth } from '../app/ports/mail-health';
import type { MetricRegistry } from '../app/ports/metric-registry';

export function registerMailMetrics(metrics: MetricRegistry, mailer: { health(): MailHealth }): void {
  const up = { name: 'passerby_mail_up', help: 'Whether the mail server answers: 0 is an alarm' } as const;
  metrics.gauge(up, () => (mailer.health().server === 'up' ? 1 : 0));
  const waiting = { name: 'passerby_mails_waiting', help: 'Mails being sent, or to be tried again' } as const;
  metrics.gauge(waiting, () => mailer.health().waiting);
  const lost = { name: 'passerby_mails_lost', help: 'Mails given up since the start' } as const;
  metrics.gauge(lost, () => mailer.health().lost);
}
