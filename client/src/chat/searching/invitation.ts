/** What an invitation needs of the browser; each part may be missing. */
export interface InvitationTools {
  readonly share?: (data: { title: string; text: string; url: string }) => Promise<void>;
  readonly copy?: (text: string) => Promise<void>;
}

/** `shown`: the browser can neither share nor copy, so the link has to be shown. */
export type InvitationResult = 'shared' | 'dismissed' | 'copied' | 'shown';

/** The browser's own ways of passing on a link. Pages without a secure connection have neither. */
export const browserTools = (): InvitationTools => {
  const { navigator } = window;
  // The types promise both; browsers do not.
  const { share, clipboard } = navigator as Partial<Pick<Navigator, 'share' | 'clipboard'>>;
  return {
    share: share && ((data) => share.call(navigator, data)),
    copy: clipboard && ((text) => clipboard.writeText(text)),
  };
};

/** Passes on the link by the first way that works. */
export async function invite(
  tools: InvitationTools,
  data: { title: string; text: string; url: string },
): Promise<InvitationResult> {
  if (tools.share) {
    try {
      await tools.share(data);
      return 'shared';
    } catch (error) {
      if (error instanceof DOMException && error.name === 'AbortError') return 'dismissed';
      // There is nothing to share with on this device, so the link is copied.
    }
  }
  try {
    if (!tools.copy) return 'shown';
    await tools.copy(data.url);
    return 'copied';
  } catch {
    return 'shown';
  }
}
