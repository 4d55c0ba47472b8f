import type { CallView } from '../engine/state';
import { PartnerView } from '../video/PartnerView';

/** The partner's window while it slides in. */
export function MatchedPartner({ call }: { call: CallView }) {
  return (
    <div className="they">
      <PartnerView call={call} ended={false} />
      <span className="tag">{call.partner.name}</span>
    </div>
  );
}
