import { createContext, use, useSyncExternalStore, type ReactNode } from 'react';
import type { Me } from '../../../src/protocol';
import type { Known } from '../api/account-store';
import type { Location } from '../app/router/paths';
import type { Services } from '../app/services';

const ServicesContext = createContext<Services | null>(null);

export function ServicesProvider({ services, children }: { services: Services; children: ReactNode }) {
  return <ServicesContext value={services}>{children}</ServicesContext>;
}

export function useServices(): Services {
  const services = use(ServicesContext);
  if (!services) throw new Error('useServices needs a ServicesProvider above it');
  return services;
}

export function useKnown(): Known {
  const { account } = useServices();
  return useSyncExternalStore(account.subscribe, account.getKnown);
}

/** Whoever this browser is, or null while that is not known. */
export function useMe(): Me | null {
  const known = useKnown();
  return known.is === 'known' ? known.me : null;
}

export function useLocation(): Location {
  const { router } = useServices();
  return useSyncExternalStore(router.subscribe, router.getLocation);
}
