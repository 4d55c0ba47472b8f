import { useEffect, useRef } from 'react';
import { commandFor, type Command, type ShortcutContext } from './shortcuts';

const TEXT_FIELDS = 'input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]';
const CONTROLS = 'button, a[href], select, summary, input, label';

/** Listens for keys on the whole page and runs their commands. */
export function useShortcuts(situation: ShortcutContext, run: (command: Command) => void): void {
  const latest = useRef({ situation, run });
  latest.current = { situation, run };
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing) return;
      const target = event.target instanceof Element ? event.target : null;
      const command = commandFor(
        {
          key: event.key,
          modified: event.ctrlKey || event.altKey || event.metaKey,
          repeated: event.repeat,
          typing: target?.matches(TEXT_FIELDS) === true,
          onControl: target?.closest(CONTROLS) !== null && target !== null,
        },
        { ...latest.current.situation, layer: document.querySelector('dialog[open]') !== null },
      );
      if (!command) return;
      if (command !== 'stay') event.preventDefault();
      latest.current.run(command);
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, []);
}
