// The walk-round sheet: a tap on the diagram of the car adds a row of the list, every row is drawn as a mark.
// Rows are a Django formset (forms.js); without a pointer they are filled in by hand, and the diagram follows.
import { addRow } from "./forms.js";

const SVG = "http://www.w3.org/2000/svg";

const rowsOf = (sheet) => [...sheet.querySelectorAll("[data-row]")].filter((row) => !row.hidden);
const fieldOf = (row, name) => row.querySelector(`[name$="-${name}"]`);

function draw(sheet) {
  const layer = sheet.querySelector("[data-diagram] [data-marks]");
  if (!layer) return;
  layer.replaceChildren(
    ...rowsOf(sheet).flatMap((row, index) => {
      const [x, y] = [fieldOf(row, "x").value, fieldOf(row, "y").value];
      if (x === "" || y === "") return [];
      const mark = document.createElementNS(SVG, "g");
      mark.setAttribute("class", `car-mark mark-${fieldOf(row, "kind").value}`);
      mark.setAttribute("transform", `translate(${x} ${y})`);
      const circle = document.createElementNS(SVG, "circle");
      circle.setAttribute("r", "24");
      const number = document.createElementNS(SVG, "text");
      number.setAttribute("y", "10");
      number.textContent = String(index + 1);
      mark.append(circle, number);
      return [mark];
    }),
  );
}

/** Puts a row where its part's middle is; the server moves marks that lie on top of each other. */
function placeByPart(sheet, row) {
  const part = sheet.querySelector(`[data-part="${fieldOf(row, "part").value}"]`);
  if (!part) return;
  [fieldOf(row, "x").value, fieldOf(row, "y").value] = part.dataset.place.split(" ");
}

function nearestPart(diagram, x, y) {
  const distance = (part) => {
    const [px, py] = part.dataset.place.split(" ").map(Number);
    return (px - x) ** 2 + (py - y) ** 2;
  };
  return [...diagram.querySelectorAll("[data-part]")].reduce((best, part) => (distance(part) < distance(best) ? part : best));
}

function tapped(sheet, diagram, event) {
  const box = diagram.getBoundingClientRect();
  const thousandths = (at, start, length) => Math.min(1000, Math.max(0, Math.round(((at - start) / length) * 1000)));
  const x = thousandths(event.clientX, box.left, box.width);
  const y = thousandths(event.clientY, box.top, box.height);
  const row = addRow(sheet.querySelector("[data-formset]"), { focus: false });
  if (!row) return;
  fieldOf(row, "kind").value = sheet.querySelector("[name=mark_kind]:checked").value;
  fieldOf(row, "part").value = (event.target.closest("[data-part]") || nearestPart(diagram, x, y)).dataset.part;
  fieldOf(row, "x").value = String(x);
  fieldOf(row, "y").value = String(y);
  const unmarked = sheet.querySelector("[name=is_unmarked]");
  if (unmarked) unmarked.checked = false;
  row.dispatchEvent(new Event("input", { bubbles: true }));
  draw(sheet);
}

export function startWalkRound() {
  document.addEventListener("click", (event) => {
    const diagram = event.target.closest("[data-diagram]");
    if (diagram) tapped(diagram.closest("[data-walk-round]"), diagram, event);
  });
  document.addEventListener("change", (event) => {
    const sheet = event.target.closest("[data-walk-round]");
    const row = sheet && event.target.closest("[data-row]");
    if (!row) return;
    if (event.target === fieldOf(row, "part")) placeByPart(sheet, row);
    draw(sheet);
  });
  document.addEventListener("row-added", (event) => {
    const sheet = event.target.closest("[data-walk-round]");
    if (!sheet) return;
    placeByPart(sheet, event.target);
    draw(sheet);
  });
  document.addEventListener("row-removed", (event) => {
    const sheet = event.target.closest("[data-walk-round]");
    if (sheet) draw(sheet);
  });
  for (const sheet of document.querySelectorAll("[data-walk-round]")) draw(sheet);
}
