import { useState } from 'react';
import { LIMITS, type Me } from '../../../../../src/protocol';
import { DoneMessage } from '../../../ui/forms/ErrorMessage';
import { Submit } from '../../../ui/forms/Submit';
import { useAction } from '../../../ui/forms/useAction';
import { AboutFields } from '../../wishes/AboutFields';
import { Interests } from '../../wishes/Interests';
import { ModeChoice } from '../../wishes/ModeChoice';
import { LANGUAGE_CODES } from '../../wishes/codes';
import { WantedFields } from '../../wishes/WantedFields';
import type { WishesForm } from '../../wishes/wishes-form';
import { Page, Section } from '../Page';
import { useMe } from '../../services/ServicesProvider';
import type { PageProps } from '../page-frame';
import { ChipPicker } from '../../../ui/parts/ChipPicker';
import { Switch } from '../../../ui/parts/Switch';
import { useWords } from '../../words';
import { Statistics } from './Statistics';
import './profile.css';

/** The user's wishes, all on one page, and the user's statistics. */
export function ProfilePage(props: PageProps) {
  const me = useMe();
  // The key resets the form when another user logs in.
  return <ProfileForm key={me?.id} me={me} {...props} />;
}

function ProfileForm({ frame, me, filters, wishes }: PageProps & { me: Me | null }) {
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
          <DoneMessage>{saved ? words.say('profile.saved') : null}</DoneMessage>
        </Submit>
      </form>
      <Statistics owner={me?.id ?? null} />
    </Page>
  );
}
