// A payment over many orders: the sum of its parts and what is left of it, as one types.

const cents = (text) => Math.round(Number(text || 0) * 100);
const written = (amount) => (amount / 100).toLocaleString("zh-CN", { minimumFractionDigits: 2, maximumFractionDigits: 2 });

function count(form) {
  const placed = [...form.querySelectorAll("[data-part]")].reduce((sum, field) => sum + cents(field.value), 0);
  const left = cents(form.elements.total.value) - placed;
  form.querySelector("[data-placed]").textContent = written(placed);
  const shown = form.querySelector("[data-left]");
  shown.textContent = written(left);
  shown.classList.toggle("tone-danger", left !== 0);
  shown.classList.toggle("tone-success", left === 0 && placed !== 0);
}

export function startTransfers() {
  for (const form of document.querySelectorAll("form[data-transfer]")) {
    form.addEventListener("input", () => count(form));
    form.addEventListener("click", (event) => {
      const button = event.target.closest("[data-whole]");
      if (!button) return;
      const field = document.getElementById(button.dataset.whole);
      // A second press takes it back.
      field.value = field.value ? "" : field.dataset.part;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    });
    count(form);
  }
}
