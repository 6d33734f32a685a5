// The frame: whole table rows as links, the narrow navigation, printing, copying.

export function startShell() {
  document.addEventListener("click", (event) => {
    const row = event.target.closest("tr[data-href]");
    if (row && !event.target.closest("a, button, input, select, label, textarea") && !String(window.getSelection())) {
      if (event.ctrlKey || event.metaKey) window.open(row.dataset.href, "_blank", "noopener");
      else window.location.assign(row.dataset.href);
    }
    if (event.target.closest("[data-print]")) window.print();
    const copy = event.target.closest("[data-copy]");
    if (copy) navigator.clipboard?.writeText(copy.dataset.copy);
    const opener = event.target.closest("[data-toggle-navigation]");
    if (opener) {
      const open = document.body.classList.toggle("navigation-open");
      opener.setAttribute("aria-expanded", String(open));
    } else if (!event.target.closest(".shell-side")) {
      document.body.classList.remove("navigation-open");
    }
  });
  document.querySelector(".shell-side .active")?.scrollIntoView({ block: "nearest" });
  startWall();
}

// A wall screen shows its clock, when it last heard of the server, and turns red when it has not for a while.
function startWall() {
  if (!document.body.hasAttribute("data-wall")) return;
  const two = (number) => String(number).padStart(2, "0");
  const clock = (moment) => `${two(moment.getHours())}:${two(moment.getMinutes())}`;
  let heard = new Date();
  const show = () => {
    const now = new Date();
    for (const place of document.querySelectorAll("[data-clock]")) place.textContent = clock(now);
    for (const place of document.querySelectorAll("[data-refreshed]")) place.textContent = clock(heard);
    document.body.classList.toggle("wall-stale", now - heard > 90000);
  };
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.xhr.status > 0 && event.detail.xhr.status < 400) heard = new Date();
    show();
  });
  show();
  setInterval(show, 5000);
  const turn = turnColumns();
  turn();
  setInterval(turn, 8000);
  document.addEventListener("htmx:afterSettle", () => turn(true));
}

// A column with more cards than fit shows them in turn, a pageful every eight seconds, with "2/3" beside its title.
function turnColumns() {
  let round = 0;
  return (same) => {
    if (!same) round += 1;
    for (const column of document.querySelectorAll(".wall-column")) {
      const cards = [...column.querySelectorAll(".wall-card")];
      for (const card of cards) card.hidden = false;
      const bottom = column.getBoundingClientRect().bottom;
      const fits = cards.filter((card) => card.getBoundingClientRect().bottom <= bottom).length || 1;
      const pages = Math.ceil(cards.length / fits);
      const page = pages ? round % pages : 0;
      cards.forEach((card, number) => (card.hidden = Math.floor(number / fits) !== page));
      let mark = column.querySelector(".wall-page");
      if (pages > 1 && !mark) {
        mark = Object.assign(document.createElement("small"), { className: "wall-page" });
        column.querySelector("h2")?.append(mark);
      }
      if (mark) mark.textContent = pages > 1 ? `${page + 1}/${pages}` : "";
    }
  };
}
