import type { Me } from '../../../src/protocol';
import { nameProblem } from '../forms/rules';
import { Field } from '../forms/Field';
import { Done, Refusal } from '../forms/Refusal';
import { Submit } from '../forms/Submit';
import { useAction } from '../forms/useAction';
import { useForm } from '../forms/useForm';
import { Page, Section } from '../pages/Page';
import type { PageFrame } from '../pages/page-frame';
import { useServices } from '../parts/ServicesProvider';
import { useWords } from '../words/WordsProvider';
import { Devices } from './Devices';
import { PasswordSection } from './PasswordSection';

/** Everything about the account itself; what one is like and wishes for is on the profile. */
export function OwnAccountPage({ frame, me }: { frame: PageFrame; me: Me }) {
  const words = useWords();
  const { account } = useServices();
  const leaving = useAction();
  return (
    <Page
      frame={frame}
      heading={words.say('account.heading')}
      lead={words.say('account.since', { date: words.date(me.createdAt) })}
    >
      <NameForm me={me} />
      <dl className="rows-list account__facts">
        <div>
          <dt>{words.say('account.email')}</dt>
          <dd>{me.email}</dd>
        </div>
        {me.birthDate === null ? null : (
          <div>
            <dt>{words.say('account.birth')}</dt>
            <dd>{words.day(me.birthDate)}</dd>
          </div>
        )}
      </dl>
      <PasswordSection />
      <Devices owner={me.id} />
      <Section heading={words.say('account.log_out')}>
        <p>{words.say('account.log_out.more')}</p>
        <Refusal refused={leaving.refused} />
        <button
          type="button"
          className="btn btn--back"
          data-testid="logout-button"
          aria-disabled={leaving.busy}
          onClick={() => void leaving.run(() => account.logOut())}
        >
          {words.say('account.log_out')}
        </button>
      </Section>
    </Page>
  );
}

function NameForm({ me }: { me: Me }) {
  const words = useWords();
  const { account } = useServices();
  const form = useForm({
    initial: { name: me.name },
    check: ({ name }) => ({ name: nameProblem(name) }),
    places: { bad_data: { field: 'name', problem: { line: 'problem.name.odd' } } },
    submit: ({ name }) => account.change({ name }),
  });
  return (
    <form {...form.formProps}>
      <Field
        label={words.say('account.name')}
        hint={words.say('account.name.hint')}
        autoComplete="nickname"
        testId="account-name"
        value={form.values.name}
        problem={form.problemOf('name')}
        onChange={(name) => form.set('name', name)}
      />
      <Submit of={form} label={words.say('account.save')} look="quiet" testId="name-save">
        <Done>{form.done ? words.say('account.saved') : null}</Done>
      </Submit>
    </form>
  );
}
