// A pad to sign on with finger, pen or mouse: what is drawn goes into the form as a PNG, nothing stays in the browser.
const INK = 2.4;

function start(pad) {
  const canvas = pad.querySelector("canvas");
  const field = pad.querySelector("input[name=image]");
  const pen = canvas.getContext("2d");
  let isDrawn = false;
  let last = null;

  const prepare = () => {
    const ratio = Math.max(1, window.devicePixelRatio || 1);
    canvas.width = Math.round(canvas.clientWidth * ratio);
    canvas.height = Math.round(canvas.clientHeight * ratio);
    pen.lineCap = pen.lineJoin = "round";
    pen.strokeStyle = "#0b1f3a";
    pen.lineWidth = INK * ratio;
    isDrawn = false;
    field.value = "";
    pad.classList.remove("is-signed");
  };
  // In the canvas' own points, so that a pad whose width changes (a tablet turned over) keeps what is drawn.
  const place = (event) => {
    const box = canvas.getBoundingClientRect();
    return [
      (event.clientX - box.left) * (canvas.width / box.width),
      (event.clientY - box.top) * (canvas.height / box.height),
    ];
  };
  const lineTo = ([x, y]) => {
    pen.beginPath();
    pen.moveTo(...last);
    pen.lineTo(x, y);
    pen.stroke();
    last = [x, y];
    isDrawn = true;
  };

  canvas.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    canvas.setPointerCapture(event.pointerId);
    last = place(event);
    lineTo([last[0] + 0.1, last[1]]);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!last) return;
    // A quick hand gives several points between two frames.
    for (const step of event.getCoalescedEvents?.() ?? []) lineTo(place(step));
    lineTo(place(event));
  });
  for (const name of ["pointerup", "pointercancel"]) {
    canvas.addEventListener(name, () => {
      if (!last) return;
      last = null;
      field.value = isDrawn ? canvas.toDataURL("image/png") : "";
      pad.classList.toggle("is-signed", isDrawn);
      field.dispatchEvent(new Event("input", { bubbles: true }));
    });
  }
  pad.querySelector("[data-clear]").addEventListener("click", prepare);
  prepare();
}

export function startSignatures() {
  for (const pad of document.querySelectorAll("[data-signature-pad]")) start(pad);
}
