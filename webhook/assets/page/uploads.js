// Photos and files on their way: which may go, and how far they are.

import { act, make } from "./bubbles.js";

const PHOTO_TYPES = ["image/jpeg", "image/png", "image/webp"];
const FILE_ENDINGS = /\.(pdf|docx|xlsx|csv|txt)$/i;
const MOST_FILES = 6;

export const isPhoto = (file) => PHOTO_TYPES.includes(file.type);

// Why a file is not sent at all; a photo that is too large may still shrink on its way.
function fault(file, mostBytes, texts) {
  if (!isPhoto(file) && !FILE_ENDINGS.test(file.name)) return texts.failed_type;
  if (!file.size) return texts.failed_empty;
  return !isPhoto(file) && file.size > mostBytes ? texts.failed_too_large : "";
}

// What fits, and a sentence on each that does not.
export function sorted(files, mostBytes, texts) {
  const faults = files.length > MOST_FILES ? [texts.failed_many] : [];
  const fit = [...files].slice(0, MOST_FILES).filter((file) => {
    const why = fault(file, mostBytes, texts);
    if (why) faults.push(file.name + ": " + why);
    return !why;
  });
  return { fit, faults };
}

// How far it is, and a way to stop it.
export function uploading(message, texts, stop) {
  const fate = make("p", "fate");
  const bar = fate.appendChild(make("progress"));
  bar.max = 1;
  bar.value = 0;
  bar.setAttribute("aria-label", texts.uploading);
  fate.append(act(texts.voice_cancel, () => stop(message)));
  return fate;
}
