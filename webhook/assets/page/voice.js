// A voice note: recorded from one press of the button to the next, where the browser can.

const MOST_MS = 120000;
const KINDS = ["audio/webm;codecs=opus", "audio/ogg;codecs=opus", "audio/mp4"];

export class Voice {
  // Calls back: recorded(blob), denied(), changed(on).
  constructor(button, texts, calls) {
    this.button = button;
    this.texts = texts;
    this.calls = calls;
    this.kind = window.MediaRecorder && KINDS.find((kind) => MediaRecorder.isTypeSupported(kind));
    if (!button.closest("[data-hears]") || !this.kind || !isSecureContext || !navigator.mediaDevices?.getUserMedia) return;
    button.hidden = false;
    button.addEventListener("click", () => this.recorder ? this.stop(true) : this.start());
    button.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !this.recorder) return;
      event.stopPropagation();
      this.stop(false);
    });
  }

  async start() {
    let sound;
    try {
      sound = await navigator.mediaDevices.getUserMedia({ audio: true });
    } catch {
      return this.calls.denied();
    }
    const parts = [];
    const recorder = this.recorder = new MediaRecorder(sound, { mimeType: this.kind });
    recorder.ondataavailable = (event) => event.data.size && parts.push(event.data);
    recorder.onstop = () => {
      for (const track of sound.getTracks()) track.stop();
      if (this.wanted && parts.length) this.calls.recorded(new Blob(parts, { type: this.kind.split(";")[0] }));
    };
    recorder.start();
    this.ends = setTimeout(() => this.stop(true), MOST_MS);
    this.show(true);
  }

  stop(wanted) {
    clearTimeout(this.ends);
    this.wanted = wanted;
    this.recorder.stop();
    this.recorder = null;
    this.show(false);
    // Whoever stopped it by the notice has no button to stand on any more.
    if (document.activeElement === document.body) this.button.focus({ preventScroll: true });
  }

  show(on) {
    const label = on ? this.texts.voice_stop : this.texts.voice;
    this.button.setAttribute("aria-pressed", on);
    this.button.setAttribute("aria-label", label);
    this.button.title = label;
    this.calls.changed(on);
  }
}
