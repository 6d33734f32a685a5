// Dispatching by hand: a car or a single work is dragged onto a technician, a team or a bay; by keyboard the same lists.
// Everything dragged becomes a choice in the lists and goes out by the same form, so nothing needs a pointer.

export function startDispatch() {
  const desk = document.querySelector("[data-dispatch]");
  if (!desk) return;
  let dragged = null;

  const target = (event) => event.target.closest?.("[data-hands], [data-bay]");
  const clear = () => {
    for (const one of desk.querySelectorAll(".is-over")) one.classList.remove("is-over");
  };

  /** Chooses a value in the lists of some rows; returns false where the list doesn't have it. */
  function choose(rows, name, value) {
    return rows.every((row) => {
      const list = row.querySelector(`select[name*="-${name}_"]`);
      if (!list?.querySelector(`option[value="${value}"]`)) return false;
      list.value = value;
      return true;
    });
  }

  function give(source, place) {
    const { hands, bay } = place.dataset;
    if (source.dataset.reassign) {
      const asked = new URLSearchParams(hands ? { hands } : { bay });
      window.htmx.ajax("GET", `${source.dataset.reassign}?${asked}`, "#dialog-body");
      return;
    }
    const form = source.closest("form");
    const isWhole = source.dataset.drag === "order";
    const rows = isWhole ? [...form.querySelectorAll("tr[data-work]")] : [source];
    if (bay) return void choose(rows, "bay", bay); // a place alone gives no work: the hands are still to be confirmed
    if (!choose(rows, "hands", hands)) return;
    form.querySelector('input[name$="-only"]').value = isWhole ? "" : source.dataset.work;
    form.requestSubmit();
  }

  desk.addEventListener("dragstart", (event) => {
    dragged = event.target.closest?.("[data-drag]");
    if (!dragged) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", dragged.textContent.trim().slice(0, 60));
    desk.classList.add("is-dragging");
  });
  desk.addEventListener("dragover", (event) => {
    const place = dragged && target(event);
    clear();
    if (!place) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "move";
    place.classList.add("is-over");
  });
  desk.addEventListener("drop", (event) => {
    const place = dragged && target(event);
    if (!place) return;
    event.preventDefault();
    give(dragged, place);
  });
  desk.addEventListener("dragend", () => {
    dragged = null;
    clear();
    desk.classList.remove("is-dragging");
  });

  desk.addEventListener("keydown", (event) => {
    const card = event.target.closest(".dispatch-order");
    if (!card || event.isComposing) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      card.querySelector("form").requestSubmit();
    } else if (event.altKey && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      const cards = [...desk.querySelectorAll(".dispatch-order")];
      cards[cards.indexOf(card) + (event.key === "ArrowDown" ? 1 : -1)]?.querySelector("select")?.focus();
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  });
}
