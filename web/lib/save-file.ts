/** Hands bytes to the browser as a file to keep. */
export function saveFile(bytes: Blob, name: string): void {
  const address = URL.createObjectURL(bytes);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  // Some browsers read the file only after the click has ended.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

/** The name of the file in a Content-Disposition, the one with all its letters first. */
export function nameIn(disposition: string | null): string | null {
  const whole = /filename\*=utf-8''([^;]+)/i.exec(disposition ?? "")?.[1];
  if (whole !== undefined) {
    try {
      return decodeURIComponent(whole.trim());
    } catch {
      return whole;
    }
  }
  return /filename="([^"]+)"/.exec(disposition ?? "")?.[1] ?? null;
}
