import { ArrowRight } from 'lucide-react';
import { useEffect, useRef, useState, type FormEvent } from 'react';
import type { Mode } from '../../../src/protocol';
import type { EngineState } from '../engine/state';
import { Agreement } from '../parts/Agreement';
import { Header } from '../parts/Header';
import { NoticeWords } from '../parts/NoticeWords';
import { RulesSheet } from '../parts/RulesSheet';
import { useWords } from '../words/WordsProvider';
import { Interests } from './Interests';
import { Keep } from './Keep';
import { LandingWindows } from './LandingWindows';
import { ModeChoice } from './ModeChoice';
import { Promises } from './Promises';
import { Walk } from './Walk';
import type { WishesOfOne } from './useWishesForm';
import type { WishesForm } from './wishes-form';
import { WishesRow } from './WishesRow';
import './landing.css';

const LEADS = { video: 'landing.lead', audio: 'landing.lead.audio', text: 'landing.lead.text' } as const;

/** A count of one is oneself, and says nothing. */
const WORTH_SAYING = 2;

/** The green room: wishes on one side, both windows on the other, one button. */
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
  wishes: WishesOfOne;
  /** Whether the plan lets them choose who comes. */
  filters: boolean;
  isAccount: boolean;
  agreed: boolean;
  sheet: 'who' | 'languages' | null;
  level: () => number;
  onSheet: (sheet: 'who' | 'languages' | null) => void;
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
  const here = state.stats?.online ?? 0;

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
        {here >= WORTH_SAYING ? (
          <p className="here">
            <i aria-hidden="true" />
            <span className="num">{words.say('app.here', { count: here })}</span>
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
          <LandingWindows
            form={form}
            devices={state.devices}
            level={level}
            onTry={() => onTry(form.mode)}
            onCamera={onCamera}
            onSettings={onSettings}
          />
        </div>
        <Promises />
        <Walk />
        <Keep onClear={isAccount ? null : clear} />
      </main>
      <footer className="foot">
        <button type="button" className="link" onClick={() => setRules(true)}>
          {words.say('rules.heading')}
        </button>
        <button type="button" className="link" onClick={onKeys}>
          {words.say('keys.heading')}
        </button>
        <span className="foot__end">{words.say('app.name')}</span>
      </footer>
      {rules ? <RulesSheet onClose={() => setRules(false)} /> : null}
    </div>
  );
}

/** The line beside the button: what stands in the way if anything does, else what pressing it leads to. */
function ButtonNote({ state, form }: { state: EngineState; form: WishesForm }) {
  const words = useWords();
  if (state.link.state === 'reconnecting') {
    return (
      <p className="go__note go__note--notice" data-testid="notice">
        {words.say(`link.${state.link.why}`)} {words.say('link.again')}
      </p>
    );
  }
  if (state.notice) {
    return (
      <p className="go__note go__note--notice" data-testid="notice" role="status">
        <NoticeWords notice={state.notice} />
      </p>
    );
  }
  if (state.link.state === 'connecting') {
    return <p className="go__note">{words.say('meet.connecting')}</p>;
  }
  if (form.mode === 'text') return <p className="go__note">{words.say('meet.text.open')}</p>;
  return <p className="go__note">{words.say(form.blurFirst ? 'meet.blur' : 'meet.open')}</p>;
}
