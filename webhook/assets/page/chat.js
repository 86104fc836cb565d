// The conversation on the page: what is typed, tapped and shown.

import { act, bubble, day, make } from "./bubbles.js";
import { isPhoto, sorted, uploading } from "./uploads.js";
import { Wire } from "./wire.js";
import { Preview } from "./preview.js";
import { Voice } from "./voice.js";
import { Devices } from "./devices.js";
import { Layers } from "./layers.js";

const NEAR_END_PX = 90;
const TOP_PX = 12;
const TYPING_MS = 25000;
const BACK_MS = 4000;

const root = document.getElementById("chat");
const texts = JSON.parse(root.dataset.texts);
const lang = root.dataset.lang;
const part = (name) => root.querySelector("[data-" + name + "]");
const [log, entries, pending, typing, greeting, newer, banner, notice, say, file, see] =
  ["log", "entries", "pending", "typing", "greeting", "newer", "banner", "notice", "say", "file", "see"].map(part);
const html = document.documentElement;
const mostBytes = Number(root.dataset.photoBytes);
const title = document.title;

const shown = new Map();
const waiting = new Map();
let live = false;
let lastDay = "";
let lastState = "";
let unread = 0;
const asked = new URLSearchParams(location.search);
// An invitation names its code alone; what it becomes is what Telegram's links carry.
let payload = asked.get("start") || (asked.get("ref") ? `ref_${asked.get("ref")}` : "");

const preview = new Preview(root, texts, (isDraft) => {
  see.hidden = false;
  see.textContent = isDraft ? texts.preview_open_draft : texts.preview_open;
  see.classList.toggle("news", live && !layers.siteOpen);
  html.classList.add("has-site");
});
const layers = new Layers(root, see, {
  moved() {
    preview.look();
    requestAnimationFrame(toEnd);
  },
});
const wire = new Wire(lang, { bytes: mostBytes, sentence: texts.failed_too_large }, {
  entry: showEntry,
  ready() {
    if (!live) toEnd();
    live = true;
    log.removeAttribute("aria-busy");
    if (wire.after) for (const label of document.querySelectorAll("[data-resume]")) label.textContent = label.dataset.resume;
    else if (!layers.open && !wire.queue.length) queueMicrotask(() => wire.rest());
  },
  restarted() {
    entries.replaceChildren();
    shown.clear();
    lastDay = "";
    live = false;
  },
  online(yes) {
    clearTimeout(wire.back);
    const was = banner.textContent && banner.textContent !== texts.back_online;
    if (yes && !was) return;
    banner.textContent = yes ? texts.back_online : navigator.onLine ? texts.reconnecting : texts.offline;
    banner.classList.toggle("good", yes);
    if (yes) wire.back = setTimeout(() => { banner.textContent = ""; }, BACK_MS);
  },
  progress(message, share) {
    const bar = waiting.get(message.client_id)?.item.querySelector("progress");
    if (bar) bar.value = share;
  },
  sent(message) {
    mark(message, "taken");
    if (waiting.has(message.client_id)) setTyping(true);
  },
  unsent(message) {
    mark(message, "unsent", texts.waiting);
    setTyping(false);
  },
  refused(message, sentence, final) {
    mark(message, "refused", sentence || texts.failed, final);
    setNotice(sentence || texts.failed);
    setTyping(false);
  },
});

// Showing ------------------------------------------------------------------------------------

function showEntry(entry) {
  greeting.hidden = true;
  const follow = !entry.from_bot || nearEnd();
  const key = entry.progress?.key;
  const earlier = key && shown.get(key);
  const settled = entry.from_bot ? false : settleOwn(entry);
  if (!entry.from_bot || entry.choices.length) dropChips();
  const item = bubble(entry, texts, lang, choose, live && !earlier);
  // Said once: not again when the server has it, and not with every step of a work under way.
  if (settled || (earlier && !entry.progress.done)) item.setAttribute("aria-live", "off");
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
  const place = () => follow && reveal(item, entry.from_bot);
  item.querySelector("img")?.addEventListener("load", place, { once: true });
  if (entry.from_bot) setTyping(false);
  const isDone = entry.from_bot && (!entry.progress || entry.progress.done);
  const draft = entry.state === "generating" || !entry.site_url ? entry.preview_url : null;
  preview.show(draft, entry.site_url, live && (isDone || entry.state !== lastState));
  lastState = entry.state;
  if (!live || follow) place();
  else newer.hidden = false;
  if (live && entry.from_bot && document.hidden) setUnread(unread + 1);
}

// The server's word takes the place of the bubble that waited for it.
function settleOwn(entry) {
  const id = entry.client_id || waiting.keys().next().value;
  const held = waiting.get(id);
  if (!held) return false;
  if (held.photo) setTimeout(() => URL.revokeObjectURL(held.photo), 5000);
  take(held.item);
  waiting.delete(id);
  return true;
}

// Nothing that goes away takes the focus with it.
function take(...items) {
  const held = items.some((item) => item.contains(document.activeElement));
  for (const item of items) item.remove();
  if (held) settleFocus();
}

function dropChips() {
  take(...entries.querySelectorAll(".chips"));
}

function showWaiting(message) {
  const photo = message.file && isPhoto(message.file) && URL.createObjectURL(message.file);
  const body = message.label ? [{ text: message.label }] : [];
  const item = bubble({ body, photo, links: [], choices: [], at_ms: message.at_ms }, texts, lang);
  item.classList.add("waiting");
  if (message.file) item.append(uploading(message, texts, stop));
  pending.append(item);
  item.querySelector("img")?.addEventListener("load", toEnd, { once: true });
  waiting.set(message.client_id, { item, photo });
}

function mark(message, state, sentence, final) {
  const item = waiting.get(message.client_id)?.item;
  if (!item) return;
  item.classList.remove("waiting", "taken", "unsent", "refused");
  item.classList.add(state);
  const old = item.querySelector(".fate");
  if (sentence) {
    const fate = item.appendChild(make("p", "fate", sentence + " "));
    if (state === "refused" && !final) fate.append(act(texts.retry, () => retry(message)));
    if (state === "refused") fate.append(act(texts.remove, () => forget(message)));
  } else if (state === "waiting" && message.file) item.append(uploading(message, texts, stop));
  if (old) take(old);
  if (nearEnd()) toEnd();
}

function stop(message) {
  wire.cancel(message);
  setTyping(false);
  forget(message);
}

function retry(message) {
  setNotice("");
  mark(message, "waiting");
  wire.again(message);
}

function forget(message) {
  setNotice("");
  waiting.get(message.client_id)?.item.remove();
  waiting.delete(message.client_id);
  settleFocus();
}

function setTyping(on) {
  typing.hidden = !on;
  clearTimeout(setTyping.ends);
  if (on) setTyping.ends = setTimeout(setTyping, TYPING_MS, false);
}

function nearEnd() {
  return log.scrollHeight - log.scrollTop - log.clientHeight < NEAR_END_PX;
}

// What is said stands at the end; of what is longer than the window, its beginning does.
function reveal(item, fromBot) {
  toEnd();
  if (!live || !fromBot || item.querySelector(".say").offsetHeight < log.clientHeight) return;
  log.scrollTop = item.offsetTop - log.offsetTop - TOP_PX;
  newer.hidden = false;
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
  layers.enter();
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

function sendFiles(files) {
  const { fit, faults } = sorted(files, mostBytes, texts);
  for (const one of fit) {
    const caption = say.value.trim();
    say.value = "";
    grow();
    speak({ caption }, isPhoto(one) ? caption : [caption, "📎 " + one.name].filter(Boolean).join("\n"), one);
  }
  setNotice(faults.join("\n"));
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

// Beginning ----------------------------------------------------------------------------------

// A conversation that has not begun is begun by the bot.
async function begin() {
  layers.enter();
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
  if (event.clipboardData.files.length) { event.preventDefault(); sendFiles(event.clipboardData.files); }
});
part("photo").addEventListener("click", () => file.click());
file.addEventListener("change", () => { sendFiles(file.files); file.value = ""; });
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
newer.addEventListener("click", () => { log.focus({ preventScroll: true }); toEnd(); });
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
entries.addEventListener("click", (event) => {
  if (!event.target.closest("a.draft") || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  layers.enterSite();
});
new Devices(document.querySelector("[data-devices-sheet]"), texts, lang, {
  begun: () => wire.after > 0,
  entered(code) {
    speak({ text: code }, code);
    settleFocus();
  },
});
for (const kind of ["dragover", "drop"]) {
  root.addEventListener(kind, (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    if (kind === "drop") sendFiles(event.dataTransfer.files);
  });
}
// Texts are kept; what is on its way as a file would be lost with the page.
addEventListener("beforeunload", (event) => { if (wire.hasFiles) event.preventDefault(); });
addEventListener("popstate", () => { if (layers.open && !wire.after) begin(); });
document.addEventListener("visibilitychange", () => document.hidden || setUnread(0));
// On iOS the keyboard covers the page instead of shrinking it.
visualViewport?.addEventListener("resize", () => {
  html.style.setProperty("--view", visualViewport.height + "px");
  if (layers.open) toEnd();
});

for (const message of wire.queue) {
  if (!message.content.start) showWaiting(message);
}
log.setAttribute("aria-busy", "true");
if (location.hash === "#chat") {
  begin();
} else if ("returning" in root.dataset || wire.queue.length) {
  wire.connect();
}
