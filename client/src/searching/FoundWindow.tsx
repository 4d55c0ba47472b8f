import type { CallView } from '../engine/state';
import { TheirFace } from '../parts/TheirFace';

/** Their window as it slides in from the start side. */
export function FoundWindow({ call }: { call: CallView }) {
  return (
    <div className="they">
      <TheirFace call={call} />
      <span className="tag">{call.partner.name}</span>
    </div>
  );
}
