// Colours of the map's things, in one place so that the legend and the layers cannot disagree.
export const USE_COLOURS: Record<string, string> = {
  residential: '#7d94a9',
  commercial: '#8c86c2',
  market: '#a583b8',
  school: '#b79a62',
  kindergarten: '#c7ab6e',
  clinic: '#b97f92',
  office: '#6f8fb5',
  garage: '#6b747d',
  utility: '#76806f',
};
export const USE_OTHER = '#7b8894';
export const WET_LOW = '#e0b15a'; // water at the wall from 0.15 m
export const WET_HIGH = '#e2725b'; // from 0.5 m
export const WET_LOW_M = 0.15;
export const WET_HIGH_M = 0.5;
export const SELECTED = '#7fd4ff';

// Severity 1 (highest) to 4.
export const SEVERITY_COLOURS = ['#ff5a55', '#ff9a3d', '#f2d24b', '#62aefc'];
export const STATE_COLOURS = { ok: '#4ecb9e', alarm: '#ff5a55', silent: '#8797a5', fault: '#d58cff' };

export const severityColour = (severity: number | null | undefined): string =>
  SEVERITY_COLOURS[Math.min(4, Math.max(1, severity ?? 1)) - 1];
