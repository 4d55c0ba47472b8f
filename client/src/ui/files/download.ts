/** Starts a download of a text as a file. */
export function downloadText(name: string, text: string, type: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  // The browser reads the blob later, so the URL stays valid for a minute.
  window.setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
