import { ArrowRight } from 'lucide-react';
import type { ReactNode } from 'react';
import { noticeMessage } from '../notices/notice-messages';
import { Header } from '../navigation/Header';
import { Link } from '../navigation/Link';
import { useWords } from '../words';
import type { PageFrame } from './page-frame';
import './page.css';

/** The frame of every page: the header with the link back to the landing, a heading, and one column. */
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
  /** Tables need a wider column than text. */
  wide?: boolean;
  children: ReactNode;
}) {
  const words = useWords();
  const { notice } = frame;
  return (
    <PageLayout frame={frame} wide={wide}>
      {notice?.code === 'signed_out' ? (
        <p className="page__notice" role="status" data-testid="notice">
          {noticeMessage(notice, words)}
        </p>
      ) : null}
      <h1 tabIndex={-1}>{heading}</h1>
      {lead === undefined ? null : <p className="page__lead">{lead}</p>}
      {children}
    </PageLayout>
  );
}

/** The header of a page and the column for its content. */
export function PageLayout({
  frame,
  wide = false,
  children,
}: {
  frame: PageFrame;
  wide?: boolean;
  children: ReactNode;
}) {
  const words = useWords();
  return (
    <div className="page">
      <Header onSettings={frame.onSettings} onKeys={frame.onKeys}>
        <Link to="home" className="btn btn--bare page__back">
          {words.say('page.home')}
          <ArrowRight className="i i--turns" aria-hidden="true" />
        </Link>
      </Header>
      <main className="page__main" data-wide={wide}>
        {children}
      </main>
    </div>
  );
}

/** A section of a page with its own heading. */
export function Section({ heading, children }: { heading: string; children: ReactNode }) {
  return (
    <section className="page__part">
      <h2>{heading}</h2>
      {children}
    </section>
  );
}
