// Photos of today's phones are ten times what a website shows: smaller ones go out sooner and cost less data.

const LARGE_BYTES = 1.5 * 1024 * 1024;
const MOST_PX = 2048;
const QUALITY = 0.86;

// The photo itself where it is small already or the browser cannot.
export async function shrink(photo) {
  if (photo.size <= LARGE_BYTES || !window.createImageBitmap) return photo;
  try {
    const whole = await createImageBitmap(photo);
    const scale = Math.min(1, MOST_PX / Math.max(whole.width, whole.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(whole.width * scale);
    canvas.height = Math.round(whole.height * scale);
    const brush = canvas.getContext("2d");
    brush.fillStyle = "#fff";
    brush.fillRect(0, 0, canvas.width, canvas.height);
    brush.drawImage(whole, 0, 0, canvas.width, canvas.height);
    whole.close();
    const small = await new Promise((made) => canvas.toBlob(made, "image/jpeg", QUALITY));
    return small && small.size < photo.size ? new File([small], photo.name, { type: "image/jpeg" }) : photo;
  } catch {
    return photo;
  }
}
