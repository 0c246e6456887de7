// The inbox's journal as it grows. EventSource reconnects by itself while the server is away; what it gives up
// on (an error status) is asked again here. Hidden tabs give their connection to the tab that is looked at:
// a browser allows six connections to a plain-HTTP host.

const LONGEST_PAUSE = 15000;

export class Stream {
  // onEvent(event), onState('live'|'lost'|'gone'), after(): the last number seen, probe(): rejects if gone.
  constructor(url, {onEvent, onState, after, probe}) {
    Object.assign(this, {url, onEvent, onState, after, probe, pause: 1000, source: null, ended: false});
    this.channel = 'BroadcastChannel' in globalThis ? new BroadcastChannel('mailassay.watching') : null;
    this.channel?.addEventListener('message', () => { if (document.hidden) this.close(); });
    document.addEventListener('visibilitychange', () => { if (!document.hidden) this.look(); });
    addEventListener('online', () => this.look());
    addEventListener('pagehide', () => this.close());
    addEventListener('pageshow', () => this.look());
    this.look();
  }

  look() {
    if (document.hidden || this.ended) return;
    this.channel?.postMessage('looking');
    if (this.source === null || this.source.readyState === EventSource.CLOSED) this.open();
  }

  open() {
    clearTimeout(this.timer);
    this.close();
    const source = this.source = new EventSource(`${this.url}?after=${this.after()}`);
    source.addEventListener('open', () => {
      this.pause = 1000;
      this.onState('live');
    });
    for (const name of ['step', 'verdict']) source.addEventListener(name, (message) => this.take(message));
    source.addEventListener('gone', () => this.end());
    source.addEventListener('error', () => this.failed(source));
  }

  take(message) {
    let event;
    try { event = JSON.parse(message.data); } catch { return; }  // one bad line must not end the story
    this.onEvent(event);
  }

  async failed(source) {
    if (source !== this.source || this.ended) return;
    this.onState('lost');
    if (source.readyState !== EventSource.CLOSED) return;
    try {
      await this.probe();
    } catch (error) {
      if (error.gone) {
        this.end();
        return;
      }
    }
    if (source !== this.source || this.ended) return;
    this.timer = setTimeout(() => this.look(), this.pause);
    this.pause = Math.min(this.pause * 2, LONGEST_PAUSE);
  }

  end() {
    this.ended = true;
    this.close();
    this.onState('gone');
  }

  close() {
    clearTimeout(this.timer);
    this.source?.close();
    this.source = null;
  }
}
