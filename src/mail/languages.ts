export const MAIL_LANGUAGES = ['en', 'de'] as const;
export type MailLanguage = (typeof MAIL_LANGUAGES)[number];

const isKnown = (tag: string): tag is MailLanguage => (MAIL_LANGUAGES as readonly string[]).includes(tag);

/** The supported language that an `Accept-Language` header prefers; English when it names none of them. */
export function mailLanguage(header: string): MailLanguage {
  const wanted = header
    .split(',')
    .map((part) => {
      const [tag = '', ...parameters] = part.trim().toLowerCase().split(';');
      const quality = parameters.map((text) => /^\s*q=([\d.]+)\s*$/.exec(text)?.[1]).find((text) => text);
      return { language: tag.split('-', 1)[0] ?? '', quality: quality === undefined ? 1 : Number(quality) };
    })
    .filter(({ language, quality }) => isKnown(language) && quality > 0)
    .sort((one, other) => other.quality - one.quality);
  const [best] = wanted;
  return best !== undefined && isKnown(best.language) ? best.language : 'en';
}
