import { ArrowRight } from 'lucide-react';
import { useEffect, useRef, useState, type FormEvent } from 'react';
import type { Mode } from '../../../src/protocol';
import { noticeLine } from '../app/sentences';
import type { EngineState } from '../engine/state';
import { Header } from '../parts/Header';
import { useWords } from '../words/WordsProvider';
import { Agreement } from './Agreement';
import { Interests } from './Interests';
import { Keep } from './Keep';
import { LandingWindows } from './LandingWindows';
import { ModeChoice } from './ModeChoice';
import { Promises } from './Promises';
import { RulesSheet } from './RulesSheet';
import { Walk } from './Walk';
import type { WishesForm } from './wishes-form';
import { WishesRow } from './WishesRow';
import './landing.css';

const LEADS = { video: 'landing.lead', audio: 'landing.lead.audio', text: 'landing.lead.text' } as const;

/** A count of one is oneself, and says nothing. */
const WORTH_SAYING = 2;

/** The green room: wishes on one side, both windows on the other, one button. */
export function LandingScreen({
  state,
  form,
  agreed,
  sheet,
  level,
  onSheet,
  onChange,
  onAgreed,
  onClear,
  onTry,
  onMeet,
  onSettings,
  onKeys,
}: {
  state: EngineState;
  form: WishesForm;
  agreed: boolean;
  sheet: 'who' | 'languages' | null;
  level: () => number;
  onSheet: (sheet: 'who' | 'languages' | null) => void;
  onChange: (change: Partial<WishesForm>) => void;
  onAgreed: (agreed: boolean) => void;
  onClear: () => void;
  onTry: (mode: Mode) => void;
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
                <WishesRow form={form} open={sheet} onOpen={onSheet} onChange={onChange} />
              </div>
              <div className="bar">
                <Agreement
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
            onSettings={onSettings}
          />
        </div>
        <Promises />
        <Walk />
        <Keep onClear={onClear} />
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
  if (state.notice) {
    return (
      <p className="go__note go__note--notice" data-testid="notice" role="status">
        {noticeLine(state.notice, words)}
      </p>
    );
  }
  if (state.link.state === 'reconnecting') {
    return <p className="go__note">{words.say('meet.offline')}</p>;
  }
  if (state.link.state === 'connecting') {
    return <p className="go__note">{words.say('meet.connecting')}</p>;
  }
  if (form.mode === 'text') return <p className="go__note">{words.say('meet.text.open')}</p>;
  return <p className="go__note">{words.say(form.blurFirst ? 'meet.blur' : 'meet.open')}</p>;
}
