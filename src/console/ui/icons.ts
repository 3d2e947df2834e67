// The few icons of the page, drawn for it: 16 by 16, in the colour of the text.
import { html, svg, type SVGTemplateResult, type TemplateResult } from 'lit';

const shapes: Record<string, SVGTemplateResult> = {
  play: svg`<path d="M4.5 2.8v10.4L13 8z" fill="currentColor"/>`,
  pause: svg`<path d="M4 3h3v10H4zM9 3h3v10H9z" fill="currentColor"/>`,
  back: svg`<path d="M11.5 3v10L5 8zM3.4 3h1.4v10H3.4z" fill="currentColor"/>`,
  forward: svg`<path d="M4.5 3v10L11 8zM11.2 3h1.4v10h-1.4z" fill="currentColor"/>`,
  close: svg`<path d="m4 4 8 8M12 4l-8 8" stroke="currentColor" stroke-width="1.6" fill="none"/>`,
  link: svg`<path d="M6.6 9.4 9.4 6.6M7.2 4.8l1.5-1.5a2.8 2.8 0 0 1 4 4l-1.5 1.5M8.8 11.2l-1.5 1.5a2.8 2.8 0 0 1-4-4l1.5-1.5" stroke="currentColor" stroke-width="1.5" fill="none" stroke-linecap="round"/>`,
  wall: svg`<path d="M2 4h12v8H2zM2 8h12M6 4v4M10 4v4M4 8v4M8 8v4M12 8v4" stroke="currentColor" stroke-width="1.3" fill="none"/>`,
  rain: svg`<path d="M4.5 9.5a2.7 2.7 0 0 1 .3-5.4 3.6 3.6 0 0 1 6.8.9 2.3 2.3 0 0 1 .2 4.5zM5.4 11.5l-.7 2M8.4 11.5l-.7 2M11.4 11.5l-.7 2" stroke="currentColor" stroke-width="1.3" fill="none" stroke-linecap="round"/>`,
  check: svg`<path d="m3 8.5 3.3 3.3L13 4.8" stroke="currentColor" stroke-width="1.8" fill="none"/>`,
  trash: svg`<path d="M3 4.5h10M6.5 4V2.7h3V4M4.5 4.5l.6 8.8h5.8l.6-8.8" stroke="currentColor" stroke-width="1.3" fill="none"/>`,
  help: svg`<path d="M5.8 6a2.2 2.2 0 1 1 3.2 2c-.7.4-1 .8-1 1.6" stroke="currentColor" stroke-width="1.5" fill="none"/><circle cx="8" cy="12" r=".9" fill="currentColor"/>`,
  red: svg`<path d="M8 1.8 15 14H1z" fill="currentColor"/><path d="M8 6v4M8 11.3v1.3" stroke="#14202b" stroke-width="1.6"/>`,
  orange: svg`<path d="M8 1.5 14.5 8 8 14.5 1.5 8z" fill="currentColor"/><path d="M8 4.8v4M8 10v1.4" stroke="#14202b" stroke-width="1.6"/>`,
  yellow: svg`<rect x="2.2" y="2.2" width="11.6" height="11.6" rx="1.5" fill="currentColor"/><path d="M8 4.5v4.4M8 10.2v1.5" stroke="#14202b" stroke-width="1.6"/>`,
  blue: svg`<circle cx="8" cy="8" r="6.3" fill="currentColor"/><path d="M8 7v4.6M8 4.4V6" stroke="#14202b" stroke-width="1.6"/>`,
  down: svg`<path d="M8 3v9M4.2 8.4 8 12.2l3.8-3.8" stroke="currentColor" stroke-width="1.7" fill="none"/>`,
  up: svg`<path d="M8 13V4M4.2 7.6 8 3.8l3.8 3.8" stroke="currentColor" stroke-width="1.7" fill="none"/>`,
  same: svg`<path d="M3 6h10M3 10h10" stroke="currentColor" stroke-width="1.7"/>`,
  compare: svg`<path d="M8 1.5v13M3 4h3v8H3zM10 4h3v8h-3z" stroke="currentColor" stroke-width="1.3" fill="none"/>`,
};

export const icon = (name: string): TemplateResult =>
  html`<svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">${shapes[name]}</svg>`;

export const severityIcon = (severity: number): TemplateResult =>
  icon(['red', 'orange', 'yellow', 'blue'][Math.min(4, Math.max(1, severity)) - 1]);
