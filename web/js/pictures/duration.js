// Lengths of time as a person says them.
import {language} from '../i18n.js';

const unit = (value, name, digits = 0) => new Intl.NumberFormat(language(), {style: 'unit', unit: name, unitDisplay: 'short', maximumFractionDigits: digits}).format(value);

export function milliseconds(value) {
  if (value >= 1000) return unit(value / 1000, 'second', 1);
  return unit(value, 'millisecond', value < 10 ? 2 : 0);
}

// The two largest units: "1 hr 5 min" says enough about a delay.
export function duration(seconds) {
  const left = Math.abs(seconds);
  if (left < 60) return unit(left, 'second');
  if (left < 3600) return parts(left, 60, 'minute', 'second');
  return left < 86400 ? parts(left / 60, 60, 'hour', 'minute') : parts(left / 3600, 24, 'day', 'hour');
}

function parts(value, size, large, small) {
  const whole = Math.floor(value / size);
  const rest = Math.floor(value - whole * size);
  return rest ? `${unit(whole, large)} ${unit(rest, small)}` : unit(whole, large);
}
