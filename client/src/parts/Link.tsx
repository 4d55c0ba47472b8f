import type { MouseEvent, ReactNode } from 'react';
import { hrefOf, type Place } from '../app/router/paths';
import { useServices } from './ServicesProvider';

/** A link to another page of ours. Opened in a new tab or window, it is the browser's as any other. */
export function Link({
  to,
  hash = '',
  className,
  testId,
  current = false,
  onFollow,
  children,
}: {
  to: Place;
  hash?: string;
  className?: string;
  testId?: string;
  /** One is there already. */
  current?: boolean;
  onFollow?: () => void;
  children: ReactNode;
}) {
  const { router } = useServices();
  const follow = (event: MouseEvent) => {
    if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    onFollow?.();
    router.go(to, hash);
  };
  return (
    <a
      href={hrefOf(to, hash)}
      className={className}
      data-testid={testId}
      aria-current={current ? 'page' : undefined}
      onClick={follow}
    >
      {children}
    </a>
  );
}
