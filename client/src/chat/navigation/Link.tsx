import type { MouseEvent, ReactNode } from 'react';
import { useServices } from '../services/ServicesProvider';
import { routes, type RouteName } from './routes';

/** A link to another page of this app. Opened in a new tab or window, it behaves as any other link. */
export function Link({
  to,
  hash = '',
  className,
  testId,
  current = false,
  onFollow,
  children,
}: {
  to: RouteName;
  hash?: string;
  className?: string;
  testId?: string;
  /** This page is the current one. */
  current?: boolean;
  onFollow?: () => void;
  children: ReactNode;
}) {
  const { router, preloadPage } = useServices();
  const follow = (event: MouseEvent) => {
    if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    onFollow?.();
    router.go(to, { hash });
  };
  // People usually follow a link that they point at, so its page begins to load.
  const preload = () => preloadPage(to);
  return (
    <a
      href={routes.hrefOf(to, { hash })}
      className={className}
      data-testid={testId}
      aria-current={current ? 'page' : undefined}
      onClick={follow}
      onPointerEnter={preload}
      onFocus={preload}
    >
      {children}
    </a>
  );
}
