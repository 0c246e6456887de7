// DNS records as lines of a zone file (RFC 1035 section 5), for the server's what-if.

const LONGEST_STRING = 255;  // octets of one character-string

function quoted(text) {
  const octets = new TextEncoder().encode(text);
  const strings = [];
  for (let start = 0; start < octets.length || start === 0; start += LONGEST_STRING) {
    const part = [...octets.subarray(start, start + LONGEST_STRING)].map((octet) => {
      const c = String.fromCharCode(octet);
      if (c === '"' || c === '\\') return `\\${c}`;
      return octet < 0x20 || octet > 0x7e ? `\\${String(octet).padStart(3, '0')}` : c;
    });
    strings.push(`"${part.join('')}"`);
  }
  return strings.join(' ');
}

export const zoneLine = ({name, type, value}) => `${name} ${type} ${type === 'TXT' ? quoted(value) : value}`;
