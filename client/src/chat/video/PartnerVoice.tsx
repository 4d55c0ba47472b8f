import { MicOff } from 'lucide-react';
import { useCallback, useRef } from 'react';
import type { CallView } from '../engine/state';
import { useWords } from '../words';
import { SpeakingBars } from './SpeakingBars';
import { useSpeaking } from './useSpeaking';
import { useVideoHosts } from './VideoProvider';

/** The partner in a voice call: bars that rise with their voice, and in words whether they speak. */
export function PartnerVoice({ call, ended }: { call: CallView; ended: boolean }) {
  const words = useWords();
  const { levels } = useVideoHosts();
  const { name } = call.partner;
  const listens = call.they.microphone && call.away === null && !ended;
  const speaking = useSpeaking(levels.other, listens);
  // The bars say what the words say: they rest while nobody speaks, whatever the noise of a room.
  const heard = useRef(speaking);
  heard.current = speaking;
  const level = useCallback(() => (heard.current ? levels.other() : 0), [levels]);
  return (
    <div className="sign sign--they sign--voice" data-speaking={speaking}>
      <span className="sign__form" aria-hidden="true">
        {call.they.microphone ? <SpeakingBars of="other" level={level} /> : <MicOff className="i" />}
      </span>
      {listens && call.flowing ? (
        <p className="sign__caption" data-testid="speaking" data-on={speaking}>
          {words.say(speaking ? 'they.speaking' : 'they.quiet', { name })}
        </p>
      ) : null}
    </div>
  );
}
