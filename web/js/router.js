// Which inbox the address bar asks for, and the last one this browser made.

const MEMORY = 'mailassay.token';

// The token that /w/{token} names; null asks for the reader's own inbox.
export function tokenInPath(path = location.pathname) {
  return /^\/w\/([\w-]+)\/?$/.exec(path)?.[1] ?? null;
}

// The share that /s/{share} names.
export function shareInPath(path = location.pathname) {
  return /^\/s\/([\w-]+)\/?$/.exec(path)?.[1] ?? null;
}

export const isLearning = (path = location.pathname) => /^\/learn\/?$/.test(path);

export function rememberedToken() {
  try { return localStorage.getItem(MEMORY); } catch { return null; }
}

export function rememberToken(token) {
  try {
    if (token) localStorage.setItem(MEMORY, token);
    else localStorage.removeItem(MEMORY);
  } catch { /* a private window forgets, and that is fine */ }
}
