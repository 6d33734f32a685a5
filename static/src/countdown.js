// Clocks that run out: <time data-countdown="2026-10-13T12:00:00+08:00" data-now="…" data-left="… left" data-late="… late">.
// The browser's own clock may be wrong: time is counted from the server's moment, with the browser's clock only as a stop-watch.
const two = (number) => String(number).padStart(2, "0");

function spelled(milliseconds) {
  const seconds = Math.floor(Math.abs(milliseconds) / 1000);
  return `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}

// Work under way: <span data-running="seconds so far" data-hands="clocks that run">.
export function startCountdowns() {
  const begun = performance.now();
  const show = () => {
    for (const place of document.querySelectorAll("[data-countdown]")) {
      place.sinceLoad ??= performance.now() - begun;
      const now = Date.parse(place.dataset.now) + performance.now() - begun - place.sinceLoad;
      const left = Date.parse(place.dataset.countdown) - now;
      place.textContent = (left > 0 ? place.dataset.left : place.dataset.late).replace("…", spelled(left));
      place.classList.toggle("tone-danger", left <= 0);
      place.classList.toggle("tone-warning", left > 0 && left <= 30 * 60000);
      place.classList.toggle("tone-success", left > 30 * 60000);
    }
    for (const place of document.querySelectorAll("[data-running]")) {
      place.sinceLoad ??= performance.now() - begun;
      const passed = performance.now() - begun - place.sinceLoad;
      place.textContent = spelled(Number(place.dataset.running) * 1000 + passed * Number(place.dataset.hands));
    }
  };
  show();
  setInterval(show, 1000);
}
