import { LIMITS } from '../../../../../src/protocol';
import { newPasswordProblem, passwordProblem } from '../../../ui/forms/validation';
import { PasswordField } from '../../../ui/forms/Field';
import { DoneMessage } from '../../../ui/forms/ErrorMessage';
import { Submit } from '../../../ui/forms/Submit';
import { useForm } from '../../../ui/forms/useForm';
import { Section } from '../Page';
import { useServices } from '../../services/ServicesProvider';
import { useWords } from '../../words';

/** Changes the password. It asks for the present one, so that an unattended device is not enough. */
export function PasswordSection() {
  const words = useWords();
  const { api } = useServices().account;
  const form = useForm({
    initial: { current: '', next: '' },
    check: ({ current, next }) => ({ current: passwordProblem(current), next: newPasswordProblem(next) }),
    places: {
      wrong_credentials: { field: 'current', problem: { line: 'problem.password.wrong' } },
      bad_data: {
        field: 'next',
        problem: { line: 'problem.password.short', count: LIMITS.passwordChars.least },
      },
    },
    submit: async (body) => {
      await api.request('changePassword', { body });
    },
    empties: true,
  });
  return (
    <Section heading={words.say('account.change_password')}>
      <form {...form.formProps}>
        <PasswordField
          label={words.say('account.current')}
          autoComplete="current-password"
          testId="password-current"
          value={form.values.current}
          problem={form.problemOf('current')}
          onChange={(current) => form.set('current', current)}
        />
        <PasswordField
          label={words.say('account.next')}
          hint={words.say('account.password.hint', { count: LIMITS.passwordChars.least })}
          autoComplete="new-password"
          testId="password-next"
          value={form.values.next}
          problem={form.problemOf('next')}
          onChange={(next) => form.set('next', next)}
        />
        <Submit
          of={form}
          label={words.say('account.change_password.button')}
          look="quiet"
          testId="password-button"
        >
          <DoneMessage>{form.done ? words.say('account.change_password.done') : null}</DoneMessage>
        </Submit>
      </form>
    </Section>
  );
}
