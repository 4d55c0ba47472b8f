import { useEffect } from 'react';

/** Browser bars that slide in and out take less of the height than this, keyboards more. */
const KEYBOARD_PX = 140;

const TEXT_FIELDS = 'input:not([type=checkbox], [type=radio]), textarea';

/**
 * Marks the document while an on-screen keyboard is open (`data-keyboard`), so that what is fixed to the foot of the
 * screen can make room for the field that is typed in. `--seen-height` and `--seen-top` are the part of the page above
 * the keyboard, for browsers that lay the keyboard over the page.
 */
export function useKeyboard(): void {
  useEffect(() => {
    const seen = window.visualViewport;
    if (!seen) return undefined;
    const root = document.documentElement;
    let width = 0;
    let highest = 0;
    const changed = () => {
      if (window.innerWidth !== width) highest = 0;
      width = window.innerWidth;
      highest = Math.max(highest, window.innerHeight, seen.height);
      const isTyping = document.activeElement?.matches(TEXT_FIELDS) === true;
      const isOpen = isTyping && seen.scale === 1 && highest - seen.height > KEYBOARD_PX;
      if (isOpen) {
        root.dataset.keyboard = 'open';
        root.style.setProperty('--seen-height', `${seen.height}px`);
        root.style.setProperty('--seen-top', `${seen.offsetTop}px`);
      } else if (root.dataset.keyboard !== undefined) {
        delete root.dataset.keyboard;
        root.style.removeProperty('--seen-height');
        root.style.removeProperty('--seen-top');
      }
    };
    changed();
    seen.addEventListener('resize', changed);
    seen.addEventListener('scroll', changed);
    document.addEventListener('focusin', changed);
    document.addEventListener('focusout', changed);
    return () => {
      seen.removeEventListener('resize', changed);
      seen.removeEventListener('scroll', changed);
      document.removeEventListener('focusin', changed);
      document.removeEventListener('focusout', changed);
    };
  }, []);
}
