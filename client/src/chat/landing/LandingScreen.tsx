import { ArrowRight } from 'lucide-react';
import { useEffect, useRef, useState, type FormEvent } from 'react';
import type { Mode } from '../../../../src/protocol';
import type { EngineState } from '../engine/state';
import type { Level } from '../devices/LevelMeter';
import { deviceStorage } from '../../storage/browser-storage';
import { Agreement } from '../rules/Agreement';
import { Header } from '../navigation/Header';
import { NoticeMessage } from '../notices/NoticeMessage';
import { RulesSheet } from '../rules/RulesSheet';
import { useWords, type PlainKey } from '../words';
import { Interests } from '../wishes/Interests';
import { DataRetention } from './DataRetention';
import { PreviewWindows } from './PreviewWindows';
import { ModeChoice } from '../wishes/ModeChoice';
import { Guarantees } from './Guarantees';
import { HowItWorks } from './HowItWorks';
import type { WishesState } from '../wishes/useWishesForm';
import type { WishesForm } from '../wishes/wishes-form';
import { othersOnline } from '../searching/mode-offers';
import { WishesRow, type WishesSheet } from '../wishes/WishesRow';
import './landing.css';

const LEADS = { video: 'landing.lead', audio: 'landing.lead.audio', text: 'landing.lead.text' } as const;

/**
 * The first screen: the wishes on one side, the two video windows on the other, and the button that starts a search.
 */
export function LandingScreen({
  state,
  wishes: { form, change: onChange, clear },
  filters,
  isAccount,
  agreed,
  sheet,
  level,
  onSheet,
  onAgreed,
  onTry,
  onCamera,
  onMeet,
  onSettings,
  onKeys,
}: {
  state: EngineState;
  wishes: WishesState;
  /** Whether the plan includes the filters for gender, age and country. */
  filters: boolean;
  isAccount: boolean;
  agreed: boolean;
  sheet: WishesSheet | null;
  level: Level;
  onSheet: (sheet: WishesSheet | null) => void;
  onAgreed: (agreed: boolean) => void;
  onTry: (mode: Mode) => void;
  onCamera: () => void;
  onMeet: () => void;
  onSettings: () => void;
  onKeys: () => void;
}) {
  const words = useWords();
  const box = useRef<HTMLInputElement>(null);
  const [missed, setMissed] = useState(false);
  const [rules, setRules] = useState(false);
  const others = othersOnline(state.stats) ?? 0;

  useEffect(() => {
    if (agreed) setMissed(false);
  }, [agreed]);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (agreed) onMeet();
    else {
      setMissed(true);
      box.current?.focus();
    }
  };

  return (
    <div className="landing">
      <Header onSettings={onSettings} onKeys={onKeys}>
        {others > 0 ? (
          <p className="here">
            <i aria-hidden="true" />
            <span className="num">{words.say('app.here', { count: others })}</span>
          </p>
        ) : null}
      </Header>
      <main>
        <div className="first">
          <div className="words">
            <h1 tabIndex={-1}>{words.say('landing.heading')}</h1>
            <p className="lead">{words.say(LEADS[form.mode])}</p>
            <form className="ask" onSubmit={submit} noValidate>
              <ModeChoice mode={form.mode} onChange={(mode) => onChange({ mode })} />
              <div className="rows">
                <Interests interests={form.interests} onChange={(interests) => onChange({ interests })} />
                <WishesRow
                  form={form}
                  filters={filters}
                  knowsAge={isAccount}
                  open={sheet}
                  onOpen={onSheet}
                  onChange={onChange}
                />
              </div>
              <div className="bar">
                <Agreement
                  line="agree.line"
                  needed="agree.needed"
                  testId="agree"
                  agreed={agreed}
                  missed={missed}
                  box={box}
                  onChange={onAgreed}
                  onRules={() => setRules(true)}
                />
                <div className="go">
                  <button type="submit" className="btn btn--meet btn--l" data-testid="meet-button">
                    {words.say('meet.button')}
                    <ArrowRight className="i i--turns" aria-hidden="true" />
                  </button>
                  <ButtonNote state={state} form={form} />
                </div>
              </div>
            </form>
          </div>
          <PreviewWindows
            form={form}
            devices={state.devices}
            level={level}
            onTry={() => onTry(form.mode)}
            onCamera={onCamera}
            onSettings={onSettings}
          />
        </div>
        <Guarantees mode={form.mode} blurFirst={form.blurFirst} />
        <HowItWorks mode={form.mode} blurFirst={form.blurFirst} />
        <DataRetention
          onClear={() => {
            if (!isAccount) clear();
            onAgreed(false);
            for (const name of ['devices', 'corner', 'calls'] as const) deviceStorage.write(name, null);
          }}
        />
      </main>
      <footer className="foot">
        <button type="button" className="link" onClick={() => setRules(true)}>
          {words.say('rules.heading')}
        </button>
        <button type="button" className="link keyboard-only" onClick={onKeys}>
          {words.say('keys.heading')}
        </button>
        <span className="foot__end">{words.say('app.name')}</span>
      </footer>
      {rules ? <RulesSheet onClose={() => setRules(false)} /> : null}
    </div>
  );
}

const whatOpens = ({ mode, blurFirst }: WishesForm): PlainKey => {
  switch (mode) {
    case 'text':
      return 'meet.text.open';
    case 'audio':
      return blurFirst ? 'meet.blur.audio' : 'meet.open.audio';
    case 'video':
      return blurFirst ? 'meet.blur' : 'meet.open';
  }
};

/** The note next to the button: what prevents a search, or else what will happen next. */
function ButtonNote({ state, form }: { state: EngineState; form: WishesForm }) {
  const words = useWords();
  if (state.connection.state === 'reconnecting') {
    return (
      <p className="go__note go__note--notice" data-testid="notice">
        {words.say(`link.${state.connection.why}`)} {words.say('link.again')}
      </p>
    );
  }
  if (state.notice) {
    return (
      <p className="go__note go__note--notice" data-testid="notice" role="status">
        <NoticeMessage notice={state.notice} />
      </p>
    );
  }
  if (state.connection.state === 'connecting') {
    return <p className="go__note">{words.say('meet.connecting')}</p>;
  }
  return <p className="go__note">{words.say(whatOpens(form))}</p>;
}
