// The conversation on the page: what is typed, tapped and shown.

import { bubble, day, make } from "./bubbles.js";
import { Wire } from "./wire.js";
import { Preview } from "./preview.js";
import { Voice } from "./voice.js";

const NEAR_END_PX = 90;
const TYPING_MS = 25000;
const PHOTO_TYPES = ["image/jpeg", "image/png", "image/webp"];
const FILE_ENDINGS = /\.(pdf|docx|xlsx|csv|txt)$/i;
const MOST_PHOTOS = 6;

const root = document.getElementById("chat");
const texts = JSON.parse(root.dataset.texts);
const lang = root.dataset.lang;
const part = (name) => root.querySelector("[data-" + name + "]");
const [log, entries, pending, typing, greeting, newer, banner, notice, say, file, see] =
  ["log", "entries", "pending", "typing", "greeting", "newer", "banner", "notice", "say", "file", "see"].map(part);
const html = document.documentElement;
const title = document.title;

const shown = new Map();
const waiting = new Map();
let live = false;
let lastDay = "";
let lastState = "";
let unread = 0;
let payload = new URLSearchParams(location.search).get("start") || "";

const preview = new Preview(root, texts, () => {
  see.hidden = false;
  html.classList.add("has-site");
});
const wire = new Wire(lang, {
  entry: showEntry,
  ready() {
    live = true;
    log.removeAttribute("aria-busy");
    toEnd();
    if (wire.after) for (const label of document.querySelectorAll("[data-resume]")) label.textContent = label.dataset.resume;
    else if (!isOpen() && !wire.queue.length) queueMicrotask(() => wire.rest());
  },
  online: (yes) => { banner.textContent = yes ? "" : navigator.onLine ? texts.reconnecting : texts.offline; },
  sent(message) {
    mark(message, "taken");
    if (waiting.has(message.client_id)) setTyping(true);
  },
  unsent(message) {
    mark(message, "unsent", texts.waiting);
    setTyping(false);
  },
  refused(message, sentence) {
    mark(message, "refused", sentence || texts.failed);
    setTyping(false);
  },
});

// Showing ------------------------------------------------------------------------------------

function showEntry(entry) {
  greeting.hidden = true;
  const follow = !entry.from_bot || nearEnd();
  const key = entry.progress?.key;
  const earlier = key && shown.get(key);
  if (!entry.from_bot) settleOwn(entry);
  if (!entry.from_bot || entry.choices.length) dropChips();
  const item = bubble(entry, texts, lang, choose);
  if (earlier?.isConnected) {
    item.classList.add("still");
    earlier.replaceWith(item);
  } else {
    const today = new Date(entry.at_ms).toDateString();
    if (today !== lastDay) entries.append(day(entry.at_ms, texts, lang));
    lastDay = today;
    entries.append(item);
  }
  if (key) entry.progress.done ? shown.delete(key) : shown.set(key, item);
  item.querySelector("img")?.addEventListener("load", () => follow && toEnd(), { once: true });
  if (entry.from_bot) setTyping(false);
  const settled = entry.from_bot && (!entry.progress || entry.progress.done);
  const draft = entry.state === "generating" || !entry.site_url ? entry.preview_url : null;
  preview.show(draft, entry.site_url, live && (settled || entry.state !== lastState));
  lastState = entry.state;
  if (!live || follow) toEnd();
  else newer.hidden = false;
  if (live && entry.from_bot && document.hidden) setUnread(unread + 1);
}

// The server's word takes the place of the bubble that waited for it.
function settleOwn(entry) {
  const id = entry.client_id || waiting.keys().next().value;
  const held = waiting.get(id);
  if (!held) return;
  if (held.photo) setTimeout(() => URL.revokeObjectURL(held.photo), 5000);
  held.item.remove();
  waiting.delete(id);
}

function dropChips() {
  for (const group of entries.querySelectorAll(".chips")) group.remove();
}

function showWaiting(message) {
  const photo = message.file && PHOTO_TYPES.includes(message.file.type) && URL.createObjectURL(message.file);
  const body = message.label ? [{ text: message.label }] : [];
  const item = bubble({ body, photo, links: [], choices: [], at_ms: message.at_ms }, texts, lang);
  item.classList.add("waiting");
  pending.append(item);
  waiting.set(message.client_id, { item, photo });
}

function mark(message, state, sentence) {
  const item = waiting.get(message.client_id)?.item;
  if (!item) return;
  item.classList.remove("waiting", "taken", "unsent", "refused");
  item.classList.add(state);
  item.querySelector(".fate")?.remove();
  if (sentence) {
    const fate = item.appendChild(make("p", "fate", sentence + " "));
    if (state === "refused") fate.append(act(texts.retry, () => retry(message)), act(texts.remove, () => forget(message)));
  }
  if (nearEnd()) toEnd();
}

function act(label, run) {
  const button = make("button", "", label);
  button.type = "button";
  button.addEventListener("click", run);
  return button;
}

function retry(message) {
  mark(message, "waiting");
  wire.again(message);
}

function forget(message) {
  waiting.get(message.client_id)?.item.remove();
  waiting.delete(message.client_id);
  say.focus();
}

function setTyping(on) {
  typing.hidden = !on;
  clearTimeout(setTyping.ends);
  if (on) setTyping.ends = setTimeout(setTyping, TYPING_MS, false);
}

function nearEnd() {
  return log.scrollHeight - log.scrollTop - log.clientHeight < NEAR_END_PX;
}

function toEnd() {
  log.scrollTop = log.scrollHeight;
  newer.hidden = true;
}

function setUnread(count) {
  unread = count;
  document.title = count ? "(" + count + ") " + texts.unread + " · " + title : title;
}

function setNotice(sentence) {
  notice.textContent = sentence;
}

// Saying -------------------------------------------------------------------------------------

function speak(content, label, photo) {
  setNotice("");
  greeting.hidden = true;
  dropChips();
  open();
  wire.connect();
  if (payload && !content.start && !wire.after) wire.send({ start: { payload } });
  payload = "";
  const message = wire.send(content, label, photo);
  if (!content.start) showWaiting(message);
  setTyping(true);
  toEnd();
}

function choose(choice) {
  speak({ choice: choice.id }, choice.label);
  settleFocus();
}

// Where a finger writes, a focused field would bring up the keyboard over the answer.
function settleFocus() {
  (matchMedia("(pointer: coarse)").matches ? log : say).focus({ preventScroll: true });
}

function sendText() {
  const text = say.value.trim();
  if (!text) return say.focus();
  say.value = "";
  grow();
  speak({ text }, text);
  say.focus({ preventScroll: true });
}

function sendPhotos(files) {
  for (const photo of [...files].slice(0, MOST_PHOTOS)) {
    const isPhoto = PHOTO_TYPES.includes(photo.type);
    if (!isPhoto && !FILE_ENDINGS.test(photo.name)) setNotice(texts.failed_type);
    else if (photo.size > Number(root.dataset.photoBytes)) setNotice(texts.failed_too_large);
    else {
      const caption = say.value.trim();
      say.value = "";
      grow();
      speak({ caption }, isPhoto ? caption : [caption, "📎 " + photo.name].filter(Boolean).join("\n"), photo);
    }
  }
}

function sendLocation() {
  setNotice("");
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => speak({ location: { latitude: coords.latitude, longitude: coords.longitude } }, texts.location_sent),
    () => setNotice(texts.location_denied),
    { timeout: 15000, maximumAge: 60000 },
  );
}

function grow() {
  say.style.height = "auto";
  say.style.height = Math.min(say.scrollHeight, 140) + "px";
}

// Opening and closing ------------------------------------------------------------------------

const isOpen = () => html.classList.contains("chat-open");

function setOpen(on) {
  if (on === isOpen()) return;
  html.classList.toggle("chat-open", on);
  html.classList.remove("site-open");
  for (const behind of document.querySelectorAll("[data-behind]")) behind.inert = on;
  if (on) scrollTo(0, 0);
  requestAnimationFrame(toEnd);
}

function open() {
  if (isOpen()) return;
  history.pushState({ chat: true }, "", "#chat");
  setOpen(true);
}

function close() {
  if (history.state?.chat) return history.back();
  history.replaceState(null, "", location.pathname + location.search);
  setOpen(false);
  document.querySelector("[data-open]").focus({ preventScroll: true });
}

// A conversation that has not begun is begun by the bot.
async function begin() {
  open();
  settleFocus();
  await wire.connect();
  if (!wire.after && !waiting.size && !begin.done) speak({ start: payload ? { payload } : {} });
  begin.done = true;
}

// Wiring -------------------------------------------------------------------------------------

part("composer").addEventListener("submit", (event) => { event.preventDefault(); sendText(); });
say.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  sendText();
});
say.addEventListener("input", grow);
say.addEventListener("paste", (event) => {
  if (event.clipboardData.files.length) { event.preventDefault(); sendPhotos(event.clipboardData.files); }
});
part("photo").addEventListener("click", () => file.click());
file.addEventListener("change", () => { sendPhotos(file.files); file.value = ""; });
if ("geolocation" in navigator && isSecureContext) part("location").hidden = false;
part("location").addEventListener("click", sendLocation);
const voice = new Voice(part("voice"), texts, {
  recorded: (sound) => speak({ caption: "" }, texts.voice_sent, sound),
  denied: () => setNotice(texts.voice_denied),
  changed(on) {
    setNotice(on ? texts.recording + " " : "");
    if (on) notice.append(act(texts.voice_cancel, () => voice.stop(false)));
  },
});
part("close").addEventListener("click", close);
newer.addEventListener("click", toEnd);
log.addEventListener("scroll", () => { if (nearEnd()) newer.hidden = true; }, { passive: true });
for (const idea of root.querySelectorAll("[data-idea]")) {
  idea.addEventListener("click", () => {
    speak({ text: idea.textContent }, idea.textContent);
    settleFocus();
  });
}
for (const button of document.querySelectorAll("[data-open]")) {
  button.addEventListener("click", (event) => { event.preventDefault(); begin(); });
}
see.addEventListener("click", () => { html.classList.add("site-open"); part("back").focus(); });
part("back").addEventListener("click", () => { html.classList.remove("site-open"); see.focus(); });
addEventListener("popstate", () => setOpen(location.hash === "#chat"));
addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !isOpen()) return;
  if (html.classList.contains("site-open")) part("back").click();
  else close();
});
document.addEventListener("visibilitychange", () => document.hidden || setUnread(0));
// On iOS the keyboard covers the page instead of shrinking it.
visualViewport?.addEventListener("resize", () => {
  html.style.setProperty("--view", visualViewport.height + "px");
  if (isOpen()) toEnd();
});

for (const message of wire.queue) {
  if (!message.content.start) showWaiting(message);
}
log.setAttribute("aria-busy", "true");
if (location.hash === "#chat") {
  setOpen(true);
  begin();
} else if ("returning" in root.dataset || wire.queue.length) {
  wire.connect();
}
