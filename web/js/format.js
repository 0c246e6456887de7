// Dates, sizes and spans of time in the reader's language.
import {language} from './i18n.js';

export function clock(at) {
  return new Intl.DateTimeFormat(language(), {hour: '2-digit', minute: '2-digit', second: '2-digit'}).format(new Date(at));
}

export function dateAndTime(at) {
  return new Intl.DateTimeFormat(language(), {dateStyle: 'medium', timeStyle: 'medium'}).format(new Date(at));
}

const unit = (name, value, digits = 0) => new Intl.NumberFormat(
    language(), {style: 'unit', unit: name, unitDisplay: name.endsWith('obyte') || name.endsWith('abyte') ? 'short' : 'long', maximumFractionDigits: digits}).format(value);

export function size(bytes) {
  if (bytes < 1000) return unit('byte', bytes);
  return bytes < 1e6 ? unit('kilobyte', bytes / 1000, 1) : unit('megabyte', bytes / 1e6, 1);
}

// The larger unit only: "6 days" says enough about when an address ends.
export function span(milliseconds) {
  const minutes = Math.max(0, Math.round(milliseconds / 60000));
  if (minutes >= 2880) return unit('day', Math.round(minutes / 1440));
  return minutes >= 120 ? unit('hour', Math.round(minutes / 60)) : unit('minute', minutes);
}
