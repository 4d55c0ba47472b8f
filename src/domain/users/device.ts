/** The part of a `User-Agent` that is stored: enough for any browser, and no room for other data. */
export const keptUserAgent = (userAgent: string): string => userAgent.slice(0, 400);

/** Browsers, the more special before those whose names they carry along. */
const BROWSERS: readonly (readonly [RegExp, string])[] = [
  [/\bEdgA?\//, 'Edge'],
  [/\bOPR\//, 'Opera'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\b(?:Firefox|FxiOS)\//, 'Firefox'],
  [/\b(?:Chrome|CriOS|HeadlessChrome)\//, 'Chrome'],
  [/\bSafari\//, 'Safari'],
];
const SYSTEMS: readonly (readonly [RegExp, string])[] = [
  [/\bAndroid\b/, 'Android'],
  [/\biPad\b/, 'iPad'],
  [/\biPhone\b/, 'iPhone'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bWindows\b/, 'Windows'],
  [/\bMac OS X\b/, 'Mac'],
  [/\bLinux\b/, 'Linux'],
];

const nameIn = (userAgent: string, table: typeof BROWSERS): string | undefined =>
  table.find(([pattern]) => pattern.test(userAgent))?.[1];

/** A device in words that its owner recognises: "Firefox on Linux". Empty when nothing is known. */
export function deviceOf(userAgent: string): string {
  return [nameIn(userAgent, BROWSERS), nameIn(userAgent, SYSTEMS)]
    .filter((name) => name !== undefined)
    .join(' on ');
}
