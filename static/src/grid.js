// A grid of figures: arrow keys and Enter move from cell to cell, a block of a sheet is pasted, rows add themselves up.

const fields = (row) => [...row.querySelectorAll("input:not([type=hidden])")];

function beside(input, down, right) {
  const rows = [...input.closest("tbody").querySelectorAll("tr[data-row]")].filter((row) => fields(row).length);
  const row = input.closest("tr");
  const cells = fields(row);
  const next = rows[rows.indexOf(row) + down];
  return next && fields(next)[cells.indexOf(input) + right];
}

function add(row) {
  const total = row.querySelector("[data-total]");
  if (!total || row.dataset.sums === undefined) return;
  const numbers = fields(row).filter((input) => input.name.startsWith("g-"));
  const fixed = [...row.querySelectorAll(".grid-fixed")].map((cell) => cell.textContent);
  const texts = [...numbers.map((input) => input.value), ...fixed].map((text) => text.replaceAll(/[,，\s]/g, ""));
  const sum = texts.reduce((whole, text) => whole + (Number(text) || 0), 0);
  total.textContent = sum ? sum.toLocaleString("en", { minimumFractionDigits: Number(row.dataset.sums), maximumFractionDigits: Number(row.dataset.sums) }) : "";
}

const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], Enter: [1, 0] };

export function startGrids() {
  const grid = (event) => event.target.closest?.("[data-year-grid] input");
  document.addEventListener("keydown", (event) => {
    const input = grid(event);
    if (!input || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    let step = STEPS[event.key];
    // Within a figure the arrows move the cursor; at its ends they move on.
    const whole = input.selectionStart === 0 && input.selectionEnd === input.value.length;
    if (event.key === "ArrowLeft" && (whole || input.selectionEnd === 0)) step = [0, -1];
    if (event.key === "ArrowRight" && (whole || input.selectionStart === input.value.length)) step = [0, 1];
    if (!step) return;
    event.preventDefault();
    const next = beside(input, step[0] * (event.shiftKey && event.key === "Enter" ? -1 : 1), step[1]);
    next?.focus();
    next?.select();
  });
  // What was typed is not lost to another year or measure chosen above.
  let typed = Boolean(document.querySelector("[data-year-grid] .is-new"));
  document.addEventListener("submit", (event) => {
    const table = document.querySelector("[data-year-grid]");
    if (!typed || !table || event.target.contains(table)) return;
    if (window.confirm(table.dataset.leave)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    event.target.reset();
  }, true);
  for (const row of document.querySelectorAll("[data-year-grid] tr:has(.is-new)")) add(row);
  document.addEventListener("focusin", (event) => grid(event)?.select());
  document.addEventListener("input", (event) => {
    const input = grid(event);
    if (!input) return;
    typed = true;
    input.closest("td").classList.add("is-new");
    add(input.closest("tr"));
  });
  document.addEventListener("paste", (event) => {
    const first = grid(event);
    const text = event.clipboardData?.getData("text") ?? "";
    if (!first || !/[\t\n]/.test(text.trimEnd())) return;
    event.preventDefault();
    text.trimEnd().split(/\r?\n/).forEach((line, down) => {
      line.split("\t").forEach((value, right) => {
        const input = beside(first, down, right);
        if (!input) return;
        input.value = value.trim();
        input.dispatchEvent(new Event("input", { bubbles: true }));
      });
    });
  });
}
