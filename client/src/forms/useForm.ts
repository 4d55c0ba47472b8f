import { useEffect, useRef, useState, type FormEvent, type RefObject } from 'react';
import type { ErrorCode } from '../../../src/protocol';
import { asRefused } from '../api/client';
import type { Refused } from '../engine/refused';
import type { Problem } from './rules';

export type Problems<V> = { readonly [F in keyof V]?: Problem | null };

interface FormOf<V> {
  initial: V;
  /** What can be told before anything is sent. */
  check: (values: V) => Problems<V>;
  /** Refusals that concern one field, and what is then said there. The others are said at the button. */
  places?: { readonly [C in ErrorCode]?: { field: keyof V; problem: Problem } };
  submit: (values: V) => Promise<void>;
  /** Nothing of what was typed is worth keeping once it was taken. */
  empties?: boolean;
}

export interface Form<V> {
  values: V;
  set: <F extends keyof V>(field: F, value: V[F]) => void;
  problemOf: (field: keyof V) => Problem | null;
  /** What was refused, where it concerns no field in particular. */
  refused: Refused | null;
  busy: boolean;
  /** It was sent and taken, and nothing was changed since. */
  done: boolean;
  formProps: {
    ref: RefObject<HTMLFormElement | null>;
    noValidate: true;
    onSubmit: (event: FormEvent) => void;
  };
}

interface Shown<V> {
  problems: Problems<V>;
  show: (problems: Problems<V>) => void;
  clear: (field: keyof V) => void;
}

/** What is wrong, and the focus on the first of it once it is marked as such. */
function useProblems<V extends object>(element: RefObject<HTMLFormElement | null>): Shown<V> {
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

/** One form: its values, what is wrong with them, and sending them. */
export function useForm<V extends object>(form: FormOf<V>): Form<V> {
  const { initial, check, places = {}, submit, empties = false } = form;
  const [values, setValues] = useState(initial);
  const [refused, setRefused] = useState<Refused | null>(null);
  const [state, setState] = useState<'open' | 'busy' | 'done'>('open');
  const element = useRef<HTMLFormElement>(null);
  const { problems, show, clear } = useProblems<V>(element);

  const send = async () => {
    setState('busy');
    setRefused(null);
    try {
      await submit(values);
      if (empties) setValues(initial);
      setState('done');
    } catch (error) {
      setState('open');
      const refusal = asRefused(error);
      const { code } = refusal.wire;
      const place = code === 'disconnected' ? undefined : places[code];
      if (place === undefined) setRefused(refusal);
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
    refused,
    busy: state === 'busy',
    done: state === 'done',
    formProps: { ref: element, noValidate: true, onSubmit },
  };
}
