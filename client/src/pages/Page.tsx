import { ArrowRight } from 'lucide-react';
import type { ReactNode } from 'react';
import { noticeLine } from '../app/sentences';
import { Header } from '../parts/Header';
import { Link } from '../parts/Link';
import { useWords } from '../words/WordsProvider';
import type { PageFrame } from './page-frame';
import './page.css';

/** A page beside the calls: one column, hairlines, and the way back to meeting people. */
export function Page({
  frame,
  heading,
  lead,
  wide = false,
  children,
}: {
  frame: PageFrame;
  heading: string;
  lead?: ReactNode;
  /** Tables take more room than text. */
  wide?: boolean;
  children: ReactNode;
}) {
  const words = useWords();
  const { notice } = frame;
  return (
    <div className="page">
      <Header onSettings={frame.onSettings} onKeys={frame.onKeys}>
        <Link to="home" className="btn btn--bare page__back">
          {words.say('page.home')}
          <ArrowRight className="i i--turns" aria-hidden="true" />
        </Link>
      </Header>
      <main className="page__main" data-wide={wide}>
        {notice?.code === 'signed_out' ? (
          <p className="page__notice" role="status" data-testid="notice">
            {noticeLine(notice, words)}
          </p>
        ) : null}
        <h1 tabIndex={-1}>{heading}</h1>
        {lead === undefined ? null : <p className="page__lead">{lead}</p>}
        {children}
      </main>
    </div>
  );
}

/** A part of a page with a heading of its own. */
export function Section({ heading, children }: { heading: string; children: ReactNode }) {
  return (
    <section className="page__part">
      <h2>{heading}</h2>
      {children}
    </section>
  );
}
