import { Suspense, useEffect } from 'react';
import { LoadErrorBoundary } from '../../ui/loading/LoadErrorBoundary';
import type { PageRoute } from '../navigation/routes';
import { PAGES } from './lazy-pages';
import { PageLoadError, PageLoading } from './PageFallbacks';
import type { PageProps } from './page-frame';

/** The page at a route, and what is shown until its code is loaded, or when it cannot be. */
export function PageScreen({
  route,
  onShown,
  ...props
}: PageProps & {
  route: PageRoute;
  /** The page itself, rather than its fallback, is on the screen. */
  onShown: (route: PageRoute) => void;
}) {
  const { Component } = PAGES[route];
  return (
    <LoadErrorBoundary
      key={route}
      fallback={({ isServerReachable }) => (
        <PageLoadError frame={props.frame} route={route} isServerReachable={isServerReachable} />
      )}
    >
      <Suspense fallback={<PageLoading frame={props.frame} />}>
        <Component {...props} />
        <Shown route={route} onShown={onShown} />
      </Suspense>
    </LoadErrorBoundary>
  );
}

/** The effects of what stands in a `Suspense` run only when all of it is loaded. */
function Shown({ route, onShown }: { route: PageRoute; onShown: (route: PageRoute) => void }) {
  useEffect(() => onShown(route), [route, onShown]);
  return null;
}
