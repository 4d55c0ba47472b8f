import { useEffect, useRef, useState, type FormEvent, type RefObject } from 'react';
import type { ErrorCode } from '../../../../src/protocol';
import { toRequestError, type RequestError } from '../../errors/request-error';
import type { Problem } from './validation';

export type Problems<V> = { readonly [F in keyof V]?: Problem | null };

interface FormOf<V> {
  initial: V;
  /** Validates the values before they are sent. */
  check: (values: V) => Problems<V>;
  /** Error codes that belong to one field, with the problem to show there. Other errors are shown at the button. */
  places?: { readonly [C in ErrorCode]?: { field: keyof V; problem: Problem } };
  submit: (values: V) => Promise<void>;
  /** Whether the form is cleared after it was submitted. */
  empties?: boolean;
}

export interface Form<V> {
  values: V;
  set: <F extends keyof V>(field: F, value: V[F]) => void;
  problemOf: (field: keyof V) => Problem | null;
  /** The error of the request, where it belongs to no field. */
  error: RequestError | null;
  busy: boolean;
  /** It was submitted successfully, and no value has changed since. */
  done: boolean;
  formProps: {
    ref: RefObject<HTMLFormElement | null>;
    noValidate: true;
    onSubmit: (event: FormEvent) => void;
  };
}

interface ShownProblems<V> {
  problems: Problems<V>;
  show: (problems: Problems<V>) => void;
  clear: (field: keyof V) => void;
}

/** The problems of the fields. The first invalid field gets the focus after it was marked as invalid. */
function useProblems<V extends object>(element: RefObject<HTMLFormElement | null>): ShownProblems<V> {
  const [problems, setProblems] = useState<Problems<V>>({});
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    if (attempt > 0) element.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [attempt, element]);
  return {
    problems,
    show: (found) => {
      setProblems(found);
      setAttempt((before) => before + 1);
    },
    clear: (field) => setProblems((before) => ({ ...before, [field]: null })),
  };
}

/** The state of one form: its values, their problems, and submitting them. */
export function useForm<V extends object>(form: FormOf<V>): Form<V> {
  const { initial, check, places = {}, submit, empties = false } = form;
  const [values, setValues] = useState(initial);
  const [error, setError] = useState<RequestError | null>(null);
  const [state, setState] = useState<'open' | 'busy' | 'done'>('open');
  const element = useRef<HTMLFormElement>(null);
  const { problems, show, clear } = useProblems<V>(element);

  const send = async () => {
    setState('busy');
    setError(null);
    try {
      await submit(values);
      if (empties) setValues(initial);
      setState('done');
    } catch (error) {
      setState('open');
      const failure = toRequestError(error);
      const { code } = failure.details;
      const place = code === 'disconnected' ? undefined : places[code];
      if (place === undefined) setError(failure);
      else show({ [place.field]: place.problem } as unknown as Problems<V>);
    }
  };

  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    if (state === 'busy') return;
    const found = check(values);
    show(found);
    if (Object.values(found).every((problem) => !problem)) void send();
  };

  return {
    values,
    set: (field, value) => {
      setValues((before) => ({ ...before, [field]: value }));
      clear(field);
      setState((before) => (before === 'done' ? 'open' : before));
    },
    problemOf: (field) => problems[field] ?? null,
    error,
    busy: state === 'busy',
    done: state === 'done',
    formProps: { ref: element, noValidate: true, onSubmit },
  };
}
