// Loads the draft again behind the old one whenever it has changed, and goes to the site once it is live.

const id = document.body.dataset.id;
const draft = "/preview/" + encodeURIComponent(id);
const SETTLE_MS = 150;
const KEEP_OLD_MS = 400;
let shown = document.querySelector("iframe");
let first = true;
let settle;
const badge = document.querySelector(".badge");
const status = badge.querySelector("[data-updated]");
// The chat's own page says beside the frame what this is.
badge.hidden = window.parent !== window;

function load() {
  const fresh = shown.cloneNode(false);
  fresh.classList.add("fresh");
  fresh.addEventListener("load", () => {
    const old = shown;
    shown = fresh;
    requestAnimationFrame(() => fresh.classList.remove("fresh"));
    status.textContent = status.dataset.updated;
    badge.classList.remove("new");
    requestAnimationFrame(() => badge.classList.add("new"));
    setTimeout(() => old.remove(), KEEP_OLD_MS);
  }, { once: true });
  shown.after(fresh);
}

const events = new EventSource(draft + "/events");
events.addEventListener("draft", () => {
  // What was there when the page was opened is in the frame already.
  if (first) {
    first = false;
    return;
  }
  clearTimeout(settle);
  settle = setTimeout(load, SETTLE_MS);
});
events.addEventListener("live", (event) => {
  events.close();
  location.replace(event.data);
});
events.addEventListener("gone", () => events.close());
