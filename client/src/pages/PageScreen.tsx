import { AccountPage } from '../account/AccountPage';
import { ResetPage } from '../account/ResetPage';
import type { Place } from '../app/router/paths';
import { BlocksPage } from '../blocks/BlocksPage';
import { profileOf } from '../landing/wishes-form';
import type { WishesOfOne } from '../landing/useWishesForm';
import { useMe } from '../parts/ServicesProvider';
import { PlansPage } from '../plans/PlansPage';
import { PrivacyPage } from '../privacy/PrivacyPage';
import { ProfilePage } from '../profile/ProfilePage';
import type { PageFrame } from './page-frame';

/** The page at a place. */
export function PageScreen({
  place,
  frame,
  filters,
  wishes,
}: {
  place: Exclude<Place, 'home'>;
  frame: PageFrame;
  filters: boolean;
  wishes: WishesOfOne;
}) {
  const me = useMe();
  switch (place) {
    case 'account':
      return <AccountPage frame={frame} wishes={profileOf(wishes.form)} />;
    case 'reset':
      return <ResetPage frame={frame} />;
    case 'profile':
      return <ProfilePage key={me?.id} frame={frame} me={me} filters={filters} wishes={wishes} />;
    case 'blocks':
      return <BlocksPage frame={frame} />;
    case 'plans':
      return <PlansPage frame={frame} />;
    case 'privacy':
      return <PrivacyPage frame={frame} />;
  }
}
