import { useState } from 'react';
import { LIMITS, type Me } from '../../../src/protocol';
import { Done } from '../forms/Refusal';
import { Submit } from '../forms/Submit';
import { useAction } from '../forms/useAction';
import { AboutFields } from '../landing/AboutFields';
import { Interests } from '../landing/Interests';
import { ModeChoice } from '../landing/ModeChoice';
import { LANGUAGE_CODES } from '../landing/places';
import { WantedFields } from '../landing/WantedFields';
import type { WishesOfOne } from '../landing/useWishesForm';
import type { WishesForm } from '../landing/wishes-form';
import { Page, Section } from '../pages/Page';
import type { PageFrame } from '../pages/page-frame';
import { ChipPicker } from '../parts/ChipPicker';
import { Switch } from '../parts/Switch';
import { useWords } from '../words/WordsProvider';
import { Statistics } from './Statistics';
import './profile.css';

/** What each search begins with, all of it at once, and one's own figures. */
export function ProfilePage({
  frame,
  me,
  filters,
  wishes,
}: {
  frame: PageFrame;
  me: Me | null;
  /** Whether the plan lets them choose who comes. */
  filters: boolean;
  wishes: WishesOfOne;
}) {
  const words = useWords();
  const isGuest = me === null || me.isAnonymous;
  const [changes, setChanges] = useState<Partial<WishesForm>>({});
  const [saved, setSaved] = useState(false);
  const saving = useAction();
  const form = { ...wishes.form, ...changes };
  const change = (part: Partial<WishesForm>) => {
    setChanges((before) => ({ ...before, ...part }));
    setSaved(false);
  };
  const save = async () => {
    if (!(await saving.run(() => wishes.save(form)))) return;
    setChanges({});
    setSaved(true);
  };
  return (
    <Page frame={frame} heading={words.say('profile.heading')} lead={words.say('profile.lead')}>
      {isGuest ? <p className="page__small">{words.say('profile.guest')}</p> : null}
      <form
        className="profile"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <div className="profile__first">
          <ModeChoice mode={form.mode} onChange={(mode) => change({ mode })} />
          <Interests interests={form.interests} onChange={(interests) => change({ interests })} />
        </div>
        <fieldset className="choices">
          <legend>{words.say('wishes.languages.heading')}</legend>
          <p className="choices__hint">{words.say('wishes.languages.hint', { count: LIMITS.languages })}</p>
          <ChipPicker
            codes={LANGUAGE_CODES}
            chosen={form.languages}
            most={LIMITS.languages}
            nameOf={words.languageName}
            language={words.language}
            addLabel={words.say('wishes.languages.add')}
            removeLabel={(language) => words.say('wishes.languages.remove', { language })}
            onChange={(languages) => change({ languages })}
          />
        </fieldset>
        <Section heading={words.say('wishes.you')}>
          <p>{words.say('wishes.you.hint')}</p>
          <AboutFields form={form} knowsAge={!isGuest} onChange={change} />
        </Section>
        <Section heading={words.say('wishes.heading')}>
          <WantedFields form={form} filters={filters} onChange={change} />
          <div className="profile__switch">
            <Switch
              label={words.say('settings.blur')}
              more={words.say('settings.blur.more')}
              on={form.blurFirst}
              onChange={(blurFirst) => change({ blurFirst })}
            />
          </div>
        </Section>
        <Submit of={saving} label={words.say('account.save')} testId="profile-save">
          <Done>{saved ? words.say('profile.saved') : null}</Done>
        </Submit>
      </form>
      <Statistics owner={me?.id ?? null} />
    </Page>
  );
}
