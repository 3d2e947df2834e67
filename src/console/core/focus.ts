// Where the keyboard is when what had it goes away: at the first of these places that is there.
export function keepFocus(...selectors: string[]): void {
  requestAnimationFrame(() => {
    if (document.activeElement !== document.body && document.activeElement !== null) return;
    for (const selector of selectors) {
      const element = document.querySelector<HTMLElement>(selector);
      if (element) return element.focus();
    }
  });
}
