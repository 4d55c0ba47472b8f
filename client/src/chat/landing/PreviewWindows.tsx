import { Settings } from 'lucide-react';
import { SelfView } from '../video/SelfView';
import { Silhouette } from '../video/Silhouette';
import type { EngineState } from '../engine/state';
import { useWords, type PlainKey } from '../words';
import { UNRECOVERABLE_ERRORS } from '../devices/device-help';
import { readinessOf } from '../devices/readiness';
import { LevelMeter, type Level } from '../devices/LevelMeter';
import type { WishesForm } from '../wishes/wishes-form';

/** What happens to the two windows in this mode. In text there is nothing to hide. */
const noteOnThem = ({ mode, blurFirst }: WishesForm): PlainKey => {
  switch (mode) {
    case 'text':
      return 'window.note.they.text';
    case 'audio':
      return blurFirst ? 'window.note.they.audio' : 'window.note.they.open.audio';
    case 'video':
      return blurFirst ? 'window.note.they' : 'window.note.they.open';
  }
};

/**
 * The two windows of the landing screen: the partner's, which is still empty, and the user's own with the live
 * preview.
 */
export function PreviewWindows({
  form,
  devices,
  level,
  onTry,
  onCamera,
  onSettings,
}: {
  form: WishesForm;
  devices: EngineState['devices'];
  level: Level;
  onTry: () => void;
  onCamera: () => void;
  onSettings: () => void;
}) {
  const words = useWords();
  const { mode } = form;
  const readiness = readinessOf(mode, devices);
  const isText = mode === 'text';
  const { camera } = devices;
  const isDark = mode === 'video' && camera.state === 'ready' && camera.off;
  return (
    <div className="pair on-video">
      <div className="win win--they" aria-hidden="true">
        <Silhouette of="they" />
        <span className="cap cap--they tag">{words.say('window.someone')}</span>
      </div>
      <section
        className="win win--you"
        aria-label={words.say(mode === 'video' ? 'call.yours' : 'window.you')}
      >
        <SelfView mode={mode} devices={devices} />
        {readiness.is === 'unasked' ? (
          <button type="button" className="tag win__try" onClick={onTry}>
            {words.say(mode === 'audio' ? 'window.preview.audio' : 'window.preview')}
          </button>
        ) : null}
        {/* A camera that was turned off in a call stays off, so it can be turned on here. */}
        {readiness.is === 'ready' && isDark ? (
          <button type="button" className="tag win__try win__fault" onClick={onCamera}>
            <span>{words.say('window.camera_off')}</span>
            <u>{words.say('window.camera_on')}</u>
          </button>
        ) : null}
        {readiness.is === 'asking' ? (
          <span className="tag win__try">{words.say('window.asking')}</span>
        ) : null}
        {readiness.is === 'faulty' && UNRECOVERABLE_ERRORS.has(readiness.fault) ? (
          <p className="tag win__try win__fault">
            <span>{words.say(`device.${readiness.kind}.${readiness.fault}`)}</span>
            <span>{words.say('window.text_works')}</span>
          </p>
        ) : null}
        {readiness.is === 'faulty' && !UNRECOVERABLE_ERRORS.has(readiness.fault) ? (
          <button type="button" className="tag win__try win__fault" onClick={onTry}>
            <span>{words.say(`device.${readiness.kind}.${readiness.fault}`)}</span>
            <u>{words.say('device.try')}</u>
          </button>
        ) : null}
      </section>
      <div className="lens" aria-hidden="true" />
      {isText ? (
        <span className="cap cap--you tag">{words.say('window.text')}</span>
      ) : (
        <button type="button" className="cap cap--you tag" onClick={onSettings}>
          {readiness.is === 'ready' ? <LevelMeter level={level} /> : null}
          <span className="cap__words">
            {words.say(mode === 'audio' ? 'window.unheard' : 'window.only_you')}
          </span>
          <span className="cap__short">{words.say('window.you')}</span>
          <Settings className="i" aria-hidden="true" />
          <span className="sr">
            {words.say(mode === 'video' ? 'settings.devices' : 'settings.microphone')}
          </span>
        </button>
      )}
      {mode === 'video' ? <p className="note note--you">{words.say('window.note.you')}</p> : null}
      <p className="note note--they">{words.say(noteOnThem(form))}</p>
    </div>
  );
}
