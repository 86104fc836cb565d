// Bubbles of the conversation. Text only ever becomes text nodes.

const LONG_CHARS = 48;
const WORD_MS = 34;
const LONGEST_MS = 1100;
const LINK = /https?:\/\/[^\s<>"']+[^\s<>"'.,!?)]/g;

export function make(tag, className, text) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text) node.textContent = text;
  return node;
}

export function act(label, run) {
  const button = make("button", "", label);
  button.type = "button";
  button.addEventListener("click", run);
  return button;
}

// Only web addresses may be opened.
export function webAddress(address) {
  try {
    const url = new URL(address);
    return url.protocol === "https:" || url.protocol === "http:" ? url : null;
  } catch {
    return null;
  }
}

export function anchor(address, text, className) {
  const url = webAddress(address);
  if (!url) return null;
  const link = make("a", className, text);
  link.href = url.href;
  link.target = "_blank";
  link.rel = "noopener";
  return link;
}

function addText(parent, text) {
  let from = 0;
  for (const found of text.matchAll(LINK)) {
    const link = anchor(found[0], found[0]);
    if (!link) continue;
    parent.append(text.slice(from, found.index), link);
    from = found.index + found[0].length;
  }
  parent.append(text.slice(from));
}

function paragraph(spans) {
  const body = make("p", "body");
  for (const span of spans) {
    let into = body;
    if (span.bold) into = into.appendChild(make("strong"));
    if (span.italic) into = into.appendChild(make("em"));
    addText(into, span.text);
  }
  return body;
}

// Words come one after the other for the eye. In the page they stand at once, whole: a screen reader
// says the message once, and nothing of it changes later.
function unfold(item, body) {
  const texts = [];
  for (const walk = document.createTreeWalker(body, NodeFilter.SHOW_TEXT); walk.nextNode();) texts.push(walk.currentNode);
  const words = texts.flatMap((text) => {
    const spans = (text.data.match(/\s*\S+\s*/g) || [text.data]).map((word) => make("span", "word", word));
    text.replaceWith(...spans);
    return spans;
  });
  const pace = Math.min(WORD_MS, LONGEST_MS / words.length);
  words.forEach((word, place) => word.style.setProperty("animation-delay", place * pace + "ms"));
  item.style.setProperty("--told", words.length * pace + "ms");
  item.classList.add("unfolding");
}

function clock(at, lang) {
  const time = make("time", "clock", new Intl.DateTimeFormat(lang, { hour: "2-digit", minute: "2-digit" }).format(at));
  time.dateTime = new Date(at).toISOString();
  return time;
}

function photo(address, alt) {
  const picture = make("img", "picture");
  picture.alt = alt;
  picture.decoding = "async";
  picture.src = address;
  return picture;
}

// A voice note says the words above it.
function voiceNote(address, texts) {
  const note = make("audio");
  note.controls = true;
  note.preload = "none";
  note.src = address;
  note.setAttribute("aria-label", texts.voice_alt);
  note.addEventListener("error", () => note.replaceWith(texts.voice_gone));
  return note;
}

// The draft can be watched here as well; every other address opens beside the page.
const isDraft = (link) => link.origin === location.origin && link.pathname.startsWith("/preview/");

// One line of the transcript: {from_bot, body, picture, voice, links, choices, progress, at_ms}; `fresh` when
// it is being said now.
export function bubble(entry, texts, lang, onChoice, fresh) {
  const item = make("li", entry.from_bot ? "line" : "line own");
  const say = item.appendChild(make("div", entry.from_bot ? "say" : "say mine"));
  say.append(make("span", "hidden-text", (entry.from_bot ? texts.bot : texts.you) + " "));
  const address = entry.photo || (entry.picture && "/chat/pictures/" + encodeURIComponent(entry.picture));
  if (address) say.append(photo(address, entry.from_bot ? texts.picture_alt : texts.photo_alt));
  if (entry.voice) say.append(make("span", "hidden-text", texts.voice_alt), voiceNote("/chat/pictures/" + encodeURIComponent(entry.voice), texts));
  if (entry.body.some((span) => span.text)) say.append(paragraph(entry.body));
  if (entry.progress && !entry.progress.done) {
    item.classList.add("working");
    const bar = say.appendChild(make("span", "bar"));
    bar.setAttribute("aria-hidden", "true");
  }
  const links = entry.links.map((link) => anchor(link.url, link.label, "open")).filter(Boolean);
  for (const link of links) link.classList.toggle("draft", isDraft(link));
  if (links.length) say.appendChild(make("p", "opens")).append(...links);
  const told = fresh && entry.from_bot && say.querySelector(".body");
  if (told && told.textContent.length > LONG_CHARS) unfold(item, told);
  if (entry.at_ms) say.append(clock(entry.at_ms, lang));
  if (entry.choices.length) item.append(chips(entry.choices, texts, onChoice));
  return item;
}

function chips(choices, texts, onChoice) {
  const group = make("div", "chips");
  group.setAttribute("role", "group");
  group.setAttribute("aria-label", texts.choices);
  for (const choice of choices) {
    const chip = group.appendChild(make("button", "chip", choice.label));
    chip.type = "button";
    chip.addEventListener("click", () => onChoice(choice));
  }
  return group;
}

// A separator wherever a new day begins.
export function day(at, texts, lang) {
  const midnight = (time) => new Date(time).setHours(0, 0, 0, 0);
  const ago = Math.round((midnight(Date.now()) - midnight(at)) / 864e5);
  const name = ago === 0 ? texts.today : ago === 1 ? texts.yesterday
    : new Intl.DateTimeFormat(lang, { weekday: "long", day: "numeric", month: "long" }).format(at);
  return make("li", "day", name);
}
