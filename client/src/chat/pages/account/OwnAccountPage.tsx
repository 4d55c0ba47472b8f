import type { Me } from '../../../../../src/protocol';
import { nameProblem } from '../../../ui/forms/validation';
import { Field } from '../../../ui/forms/Field';
import { DoneMessage, ErrorMessage } from '../../../ui/forms/ErrorMessage';
import { Submit } from '../../../ui/forms/Submit';
import { useAction } from '../../../ui/forms/useAction';
import { useForm, type Form } from '../../../ui/forms/useForm';
import { Page, Section } from '../Page';
import type { PageFrame } from '../page-frame';
import { useServices } from '../../services/ServicesProvider';
import { useWords } from '../../words';
import { Devices } from './Devices';
import { PasswordSection } from './PasswordSection';

/** The account itself. The user's description and wishes are on the profile page. */
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
        <ErrorMessage error={leaving.error} />
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
  const form: Form<{ name: string }> = useForm({
    initial: { name: me.name },
    check: ({ name }) => ({ name: nameProblem(name) }),
    places: { bad_data: { field: 'name', problem: { line: 'problem.name.odd' } } },
    submit: async ({ name }) => {
      const saved = await account.change({ name });
      form.set('name', saved.name);
    },
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
        <DoneMessage>{form.done ? words.say('account.saved') : null}</DoneMessage>
      </Submit>
    </form>
  );
}
