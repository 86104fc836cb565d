// The same conversation on another device: a code made here, or one from there.

import { make } from "./bubbles.js";

const SENT_TIMEOUT_MS = 15000;
const LETTERS_OF_CODE = 8;

export class Devices {
  // Calls back: entered(code), begun() whether there is a conversation to go on with elsewhere.
  constructor(sheet, texts, lang, calls) {
    const one = (name) => sheet.querySelector("[data-" + name + "]");
    Object.assign(this, { sheet, texts, lang, calls });
    this.parts = { out: one("out-there"), made: one("made"), show: one("show-code"), form: one("enter"), code: one("code"), fault: one("fault") };
    this.parts.show.addEventListener("click", () => this.showCode());
    this.parts.form.addEventListener("submit", (event) => { event.preventDefault(); this.enter(); });
    this.parts.code.addEventListener("input", () => this.say(this.parts.fault, ""));
    one("shut").addEventListener("click", () => sheet.close());
    sheet.addEventListener("click", (event) => event.target === sheet && sheet.close());
    sheet.addEventListener("close", () => this.clear());
    for (const button of document.querySelectorAll("[data-devices]")) {
      button.hidden = false;
      button.addEventListener("click", () => this.open(button));
    }
  }

  open(button) {
    this.opener = button;
    this.parts.out.hidden = !this.calls.begun();
    this.sheet.showModal();
  }

  // A code is for whoever looks now: nothing of it stays.
  clear() {
    this.parts.made.replaceChildren();
    this.say(this.parts.fault, "");
    this.parts.form.reset();
    if (this.opener?.isConnected && document.activeElement === document.body) this.opener.focus({ preventScroll: true });
  }

  say(place, sentence) {
    place.textContent = sentence;
    if (place === this.parts.fault) this.parts.code.setAttribute("aria-invalid", String(Boolean(sentence)));
  }

  async showCode() {
    this.say(this.parts.made, this.texts.code_coming);
    try {
      const answer = await fetch("/chat/code?lang=" + this.lang, { method: "POST", signal: AbortSignal.timeout?.(SENT_TIMEOUT_MS) });
      const body = await answer.json();
      if (!this.sheet.open) return;
      if (!answer.ok) return this.say(this.parts.made, body.error || this.texts.code_failed);
      const code = make("b", "code", body.code);
      this.parts.made.replaceChildren(code, make("span", "", body.note));
    } catch {
      this.say(this.parts.made, this.texts.code_failed);
    }
  }

  enter() {
    const letters = this.parts.code.value.replace(/[^a-z0-9]/gi, "").toUpperCase();
    if (letters.length !== LETTERS_OF_CODE) {
      this.say(this.parts.fault, this.texts.code_wrong);
      return this.parts.code.focus();
    }
    this.opener = null;
    this.sheet.close();
    this.calls.entered(letters.slice(0, 4) + "-" + letters.slice(4));
  }
}
