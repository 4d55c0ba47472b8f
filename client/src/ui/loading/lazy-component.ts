import { lazy, type ComponentType, type LazyExoticComponent } from 'react';
import { loadOrReload } from './load-or-reload';

export interface LazyComponent<Props> {
  readonly Component: LazyExoticComponent<ComponentType<Props>>;
  /** Begins to load it, before it is needed. A failure shows only when it is needed. */
  readonly preload: () => void;
}

/** A component in a chunk of its own. It needs a `Suspense` and a `LoadErrorBoundary` above it. */
export function lazyComponent<Props>(load: () => Promise<ComponentType<Props>>): LazyComponent<Props> {
  return {
    Component: lazy(async () => ({ default: await loadOrReload(load) })),
    preload: () => void load().catch(() => undefined),
  };
}
