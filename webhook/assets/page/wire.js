// To the server and back: what is unsent is kept until it is taken, what is said comes as events.

import { shrink } from "./shrink.js";

const KEPT = "sitespark.unsent";
const MOST_KEPT = 50;
const LONGEST_WAIT_MS = 8000;
const QUIET_MS = 4000;
const SEND_TIMEOUT_MS = 30000;
const PHOTO_TIMEOUT_MS = 180000;

function readKept() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEPT));
    return Array.isArray(kept) ? kept.filter((one) => one && one.client_id && one.content) : [];
  } catch {
    return [];
  }
}

function freshId() {
  return Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

// Calls back: entry(entry), ready(), restarted(), online(bool), sent(message), unsent(message),
// progress(message, share), refused(message, sentence, final).
export class Wire {
  constructor(lang, bounds, calls) {
    this.query = "?lang=" + lang;
    this.bounds = bounds;
    this.calls = calls;
    this.queue = readKept();
    this.after = 0;
    this.missed = { listen: 0, send: 0 };
    this.sending = false;
    addEventListener("online", () => this.wake());
    addEventListener("offline", () => calls.online(false));
    document.addEventListener("visibilitychange", () => document.hidden || this.wake());
    addEventListener("pageshow", (event) => event.persisted && this.wake());
  }

  // Begins to listen; resolves once everything said so far has been shown.
  connect() {
    this.begun ||= new Promise((resolve) => { this.caughtUp = resolve; this.listen(); });
    return this.begun;
  }

  wake() {
    this.missed = { listen: 0, send: 0 };
    if (this.begun && (!this.events || this.events.readyState === EventSource.CLOSED)) this.listen();
    this.flush();
  }

  listen() {
    clearTimeout(this.listenLater);
    this.events?.close();
    const events = this.events = new EventSource("/chat/events" + this.query + "&after=" + this.after);
    events.onmessage = (event) => {
      const entry = JSON.parse(event.data);
      if (entry.seq <= this.after) return;
      this.after = entry.seq;
      this.calls.entry(entry);
    };
    events.addEventListener("ready", (event) => {
      this.missed.listen = 0;
      clearTimeout(this.quiet);
      this.quiet = 0;
      const { room } = JSON.parse(event.data);
      const moved = this.room && this.room !== room;
      this.room = room;
      if (moved) return this.restart();
      this.calls.online(true);
      this.calls.ready();
      this.caughtUp();
      this.flush();
    });
    // A stream that ends is opened again by the browser; one that was refused is not.
    events.onerror = () => {
      this.quiet ||= setTimeout(() => this.calls.online(false), QUIET_MS);
      if (events.readyState !== EventSource.CLOSED || events !== this.events) return;
      this.listenLater = setTimeout(async () => { await this.renew(); this.listen(); }, this.pause("listen"));
    };
  }

  // Another session counts its entries from the start.
  restart() {
    this.after = 0;
    this.calls.restarted();
    this.listen();
  }

  // Nobody has said anything yet: no need to keep a line open.
  rest() {
    this.events.close();
    this.events = this.begun = null;
  }

  // A cookie that ran out or was cleared comes anew with the page.
  renew() {
    return fetch("/" + this.query, { cache: "no-store" }).catch(() => {});
  }

  pause(what) {
    this.missed[what] += 1;
    return Math.min(LONGEST_WAIT_MS, 500 * 2 ** Math.min(this.missed[what], 8)) * (0.75 + Math.random() / 2);
  }

  // `content` is the body of the request without its id; a photo is a file beside it.
  send(content, label, file) {
    const message = { client_id: freshId(), at_ms: Date.now(), content, label };
    if (file) message.file = file;
    this.queue.push(message);
    this.keep();
    this.flush();
    return message;
  }

  drop(message) {
    this.queue = this.queue.filter((other) => other !== message);
    this.keep();
  }

  again(message) {
    if (!this.queue.includes(message)) this.queue.push(message);
    this.keep();
    this.flush();
  }

  // What is on its way is stopped; what was taken before that will show up as said.
  cancel(message) {
    message.gone = true;
    message.stop?.();
    this.drop(message);
  }

  get hasFiles() {
    return this.queue.some((message) => message.file);
  }

  keep() {
    try {
      const texts = this.queue.filter((message) => !message.file);
      localStorage.setItem(KEPT, JSON.stringify(texts.slice(-MOST_KEPT)));
    } catch { /* without storage, messages are kept while the page is open */ }
  }

  // One after the other, in the order they were written.
  async flush() {
    clearTimeout(this.flushLater);
    if (this.sending) return;
    this.sending = true;
    while (this.queue.length) {
      const message = this.queue[0];
      const outcome = await this.post(message);
      if (message.gone) continue;
      if (outcome === "later") {
        this.calls.unsent(message);
        this.flushLater = setTimeout(() => this.flush(), this.pause("send"));
        break;
      }
      this.missed.send = 0;
      this.drop(message);
      if (outcome === "taken") this.calls.sent(message);
      else this.calls.refused(message, outcome.sentence, outcome.final);
    }
    this.sending = false;
  }

  async post(message, renewed = false) {
    let answer;
    try {
      answer = await (message.file ? this.upload(message) : this.tell(message));
    } catch {
      return "later";
    }
    if (answer.ok) return answer.text().then(() => "taken", () => "taken");
    if (answer.status === 401 && !renewed) {
      await this.renew();
      if (this.begun) this.listen();
      return this.post(message, true);
    }
    if (answer.status === 429 || answer.status >= 500 || answer.status === 401) return "later";
    const refusal = await answer.json().catch(() => ({}));
    return { sentence: refusal.error || "", final: answer.status === 413 || answer.status === 415 };
  }

  tell(message) {
    const body = JSON.stringify({ client_id: message.client_id, ...message.content });
    const signal = AbortSignal.timeout?.(SEND_TIMEOUT_MS);
    return fetch("/chat/messages" + this.query, { method: "POST", headers: { "content-type": "application/json" }, body, signal });
  }

  // Not by fetch, which does not tell how far it is.
  async upload(message) {
    const isPhoto = message.file.type.startsWith("image/");
    message.file = isPhoto ? await shrink(message.file) : message.file;
    if (message.file.size > this.bounds.bytes) return Response.json({ error: this.bounds.sentence }, { status: 413 });
    if (message.gone) throw new Error("stopped");
    const body = new FormData();
    body.append("client_id", message.client_id);
    body.append("caption", message.content.caption);
    body.append(isPhoto ? "photo" : "file", message.file, message.file.name || "suara");
    const request = new XMLHttpRequest();
    request.open("POST", (isPhoto ? "/chat/photos" : "/chat/files") + this.query);
    request.timeout = PHOTO_TIMEOUT_MS;
    message.stop = () => request.abort();
    request.upload.addEventListener("progress", (event) => this.calls.progress(message, event.loaded / event.total));
    return new Promise((resolve, reject) => {
      request.addEventListener("load", () => resolve(new Response(request.responseText, { status: request.status })));
      for (const fault of ["error", "timeout", "abort"]) request.addEventListener(fault, reject);
      request.send(body);
    });
  }
}
