// The site beside the conversation, loaded again behind the old one whenever it changes.

import { make, webAddress } from "./bubbles.js";

const SETTLE_MS = 700;
const SHOW_ANYWAY_MS = 8000;

export class Preview {
  // Calls back: onChange(isDraft) whenever there is something new to see.
  constructor(root, texts, onChange) {
    const one = (name) => root.querySelector("[data-" + name + "]");
    this.texts = texts;
    this.onChange = onChange;
    this.stage = one("stage");
    this.parts = { badge: one("badge"), address: one("address"), tools: one("tools"), out: one("out"), empty: one("empty") };
    one("reload").addEventListener("click", () => this.load());
    for (const button of root.querySelectorAll("[data-size]")) {
      button.addEventListener("click", () => {
        this.stage.dataset.size = button.dataset.size;
        for (const other of root.querySelectorAll("[data-size].size")) other.setAttribute("aria-pressed", String(other === button));
      });
    }
  }

  // Shows the newest of the two addresses; `touched` says the same address may look different now.
  show(draft, live, touched) {
    const url = webAddress(draft || live);
    if (!url) return;
    const moved = url.href !== this.url?.href;
    const first = !this.url;
    this.url = url;
    this.parts.badge.hidden = this.parts.tools.hidden = false;
    this.parts.empty.hidden = true;
    this.parts.badge.textContent = draft ? this.texts.preview_draft : this.texts.preview_live;
    this.parts.badge.className = draft ? "" : "live";
    this.parts.address.textContent = draft ? "" : url.host + (url.pathname === "/" ? "" : url.pathname);
    this.parts.out.href = url.href;
    if (!moved && !touched) return;
    this.onChange(Boolean(draft));
    // A draft watches itself.
    if (!moved && draft) return;
    this.stale = true;
    clearTimeout(this.settle);
    this.settle = setTimeout(() => this.look(), first ? 0 : SETTLE_MS);
  }

  // What nobody sees costs a phone no data: it is loaded when it comes into sight.
  look() {
    if (this.stale && this.stage.offsetParent) this.load();
  }

  load() {
    if (!this.url) return;
    this.stale = false;
    const old = this.stage.querySelectorAll("iframe");
    const frame = make("iframe", "fresh");
    frame.title = this.texts.preview;
    frame.setAttribute("sandbox", "allow-same-origin allow-scripts allow-forms allow-popups allow-popups-to-escape-sandbox");
    frame.referrerPolicy = "no-referrer";
    const swap = () => {
      clearTimeout(late);
      frame.classList.remove("fresh");
      for (const other of old) other.remove();
    };
    const late = setTimeout(swap, SHOW_ANYWAY_MS);
    frame.addEventListener("load", swap, { once: true });
    frame.src = this.url.href;
    this.stage.append(frame);
  }
}
