// What lies over what: the page, the conversation over it, and on phones the site over that. The
// browser's own way back leads out of each, and the focus goes where one came from.

const html = document.documentElement;

export class Layers {
  // Calls back: moved() whenever something else is in sight.
  constructor(root, see, calls) {
    const one = (name) => root.querySelector("[data-" + name + "]");
    Object.assign(this, { see, calls, talk: one("talk"), say: one("say"), back: one("back"), preview: one("preview") });
    this.wide = matchMedia("(min-width: 60rem)");
    this.behind = document.querySelectorAll("[data-behind]");
    one("close").addEventListener("click", () => this.leave());
    see.addEventListener("click", () => this.enterSite());
    this.back.addEventListener("click", () => this.leaveSite());
    this.wide.addEventListener("change", () => {
      if (this.siteOpen && this.wide.matches) this.leaveSite();
      calls.moved();
    });
    addEventListener("popstate", () => this.restore());
    addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !this.open || document.querySelector("dialog[open]")) return;
      if (this.siteOpen) this.leaveSite();
      else this.leave();
    });
    if (location.hash === "#chat") this.setOpen(true);
  }

  get open() {
    return html.classList.contains("chat-open");
  }

  get siteOpen() {
    return html.classList.contains("site-open");
  }

  restore() {
    this.setOpen(location.hash === "#chat");
    this.setSite(Boolean(history.state?.site) && this.open && !this.wide.matches);
  }

  setOpen(on) {
    if (on === this.open) return;
    html.classList.toggle("chat-open", on);
    for (const behind of this.behind) behind.inert = on;
    this.setSite(false);
    if (on) scrollTo(0, 0);
    else focus(document.querySelector("main [data-open]"));
    this.calls.moved();
  }

  enter() {
    if (this.open) return;
    history.pushState({ chat: true }, "", "#chat");
    this.setOpen(true);
  }

  leave() {
    if (history.state?.chat) return history.back();
    history.replaceState(null, "", location.pathname + location.search);
    this.setOpen(false);
  }

  setSite(on) {
    if (on === this.siteOpen) return;
    html.classList.toggle("site-open", on);
    this.talk.inert = on;
    this.see.classList.remove("news");
    if (on) focus(this.back);
    else if (this.open) focus(this.wide.matches ? this.say : this.see);
    this.calls.moved();
  }

  // On wide screens it stands beside the conversation anyway.
  enterSite() {
    if (this.wide.matches) return focus(this.preview);
    history.pushState({ chat: history.state?.chat, site: true }, "", "#chat");
    this.setSite(true);
  }

  leaveSite() {
    if (history.state?.site) history.back();
    else this.setSite(false);
  }
}

// Again in the next frame: going back moves the focus after it has told so.
function focus(node) {
  node.focus({ preventScroll: true });
  requestAnimationFrame(() => document.activeElement === document.body && node.focus({ preventScroll: true }));
}
