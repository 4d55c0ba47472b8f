import { X } from 'lucide-react';
import { useEffect, useId, useRef, type ReactNode } from 'react';
import { useWords } from '../words';

/** A dialog that slides over the screen. The browser keeps the focus inside and closes it on Esc. */
export function Sheet({
  heading,
  lead,
  onClose,
  children,
}: {
  heading: string;
  lead?: string;
  onClose: () => void;
  children: ReactNode;
}) {
  const words = useWords();
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();

  useEffect(() => {
    const element = dialog.current;
    const cameFrom = document.activeElement;
    element?.showModal();
    return () => {
      element?.close();
      if (cameFrom instanceof HTMLElement && cameFrom.isConnected) cameFrom.focus();
    };
  }, []);

  useEffect(() => {
    const element = dialog.current;
    // A click on the backdrop is a click on the dialog itself. Esc does the same for the keyboard.
    const closeOnBackdrop = (event: MouseEvent) => {
      if (event.target === element) onClose();
    };
    element?.addEventListener('click', closeOnBackdrop);
    return () => element?.removeEventListener('click', closeOnBackdrop);
  }, [onClose]);

  return (
    <dialog
      ref={dialog}
      className="sheet"
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <div className="sheet__inner">
        <header className="sheet__head">
          <h2 id={id} tabIndex={-1} autoFocus>
            {heading}
          </h2>
          <button type="button" className="ib" aria-label={words.say('app.close')} onClick={onClose}>
            <X className="i" aria-hidden="true" />
          </button>
        </header>
        {lead === undefined ? null : <p className="sheet__lead">{lead}</p>}
        {children}
      </div>
    </dialog>
  );
}
