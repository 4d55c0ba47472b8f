import { Component, type ReactNode } from 'react';
import { LoadError } from './load-or-reload';

interface Props {
  readonly fallback: (error: LoadError) => ReactNode;
  readonly children: ReactNode;
}

/** Shows the fallback in place of a part that could not be loaded. Other errors are not its business. */
export class LoadErrorBoundary extends Component<Props, { error: Error | null }> {
  override state: { error: Error | null } = { error: null };

  static getDerivedStateFromError(error: unknown): { error: Error } {
    return { error: error instanceof Error ? error : new Error('a part failed', { cause: error }) };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === null) return this.props.children;
    if (error instanceof LoadError) return this.props.fallback(error);
    throw error;
  }
}
