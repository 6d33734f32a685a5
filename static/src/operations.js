// Works, parts and accessories of the catalogues are proposed to whoever types a code or a name in a line of theirs; the
// chosen one fills the line.
// data-operations="address" around a line editor; data-operations-with="selector": fields that say which car it is.
import { fill } from "./intake.js";

const PROPOSED = ["labour", "part", "accessory"];
const TYPED = 'input[name$="-name"], input[name$="-code"]:not([type=hidden])';

export function startOperations() {
  if (!document.querySelector("[data-operations]")) return;
  const list = Object.assign(document.createElement("ul"), { className: "proposals", id: "operations", hidden: true });
  list.setAttribute("role", "listbox");
  document.body.append(list);
  let field = null;
  let waiting = 0;
  let asking = null;

  const options = () => [...list.children];
  const active = () => list.querySelector("[aria-selected=true]");
  const part = (row, name) => row.querySelector(`[name$="-${name}"]`);

  function close() {
    clearTimeout(waiting);
    asking?.abort();
    list.hidden = true;
    list.replaceChildren();
    field?.setAttribute("aria-expanded", "false");
    field?.removeAttribute("aria-activedescendant");
  }

  function mark(option) {
    active()?.removeAttribute("aria-selected");
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    field.setAttribute("aria-activedescendant", option.id);
  }

  function show(answer) {
    list.innerHTML = answer;
    if (!list.childElementCount || document.activeElement !== field) return close();
    const place = field.getBoundingClientRect();
    list.hidden = false;
    // Above the field where there is no room below it.
    const isAbove = place.bottom + list.offsetHeight > window.innerHeight && place.top > list.offsetHeight;
    list.style.left = `${place.left + window.scrollX}px`;
    list.style.top = `${(isAbove ? place.top - list.offsetHeight - 4 : place.bottom) + window.scrollY}px`;
    list.style.minWidth = `${place.width}px`;
    field.setAttribute("aria-expanded", "true");
    const exact = list.querySelector("[data-exact]");
    if (exact) mark(exact);
  }

  async function ask() {
    const editor = field.closest("[data-operations]");
    const address = new URL(editor.dataset.operations, window.location);
    address.searchParams.set("q", field.value.trim());
    address.searchParams.set("kind", part(field.closest("[data-row]"), "kind").value);
    for (const known of editor.dataset.operationsWith ? document.querySelectorAll(editor.dataset.operationsWith) : []) {
      address.searchParams.set(known.name, known.value);
    }
    asking?.abort();
    asking = new AbortController();
    try {
      const answer = await fetch(address, { signal: asking.signal, headers: { "HX-Request": "true" } });
      if (answer.ok) show(await answer.text());
    } catch (error) {
      if (error.name !== "AbortError") close();
    }
  }

  function choose(option) {
    const row = field.closest("[data-row]");
    const { code, name, hours, price } = option.dataset;
    const values = { name, code, ...(price ? { unit_price: price } : {}), ...(hours ? { quantity: hours } : {}) };
    for (const [part_name, value] of Object.entries(values)) {
      const target = part(row, part_name);
      if (target) target.value = value;
    }
    close();
    const quantity = part(row, "quantity");
    if (hours === undefined && !quantity.value) quantity.value = "1";
    quantity.dispatchEvent(new Event("change", { bubbles: true }));
    quantity.focus();
    quantity.select();
  }

  function typed(event) {
    const input = event.target;
    if (event.isComposing || !input.matches?.(TYPED) || !input.closest("[data-operations]")) return;
    const row = input.closest("[data-row]");
    // The code of another work must not stay behind a name that was typed anew.
    const hidden = part(row, "code");
    if (hidden?.type === "hidden") hidden.value = "";
    if (!PROPOSED.includes(part(row, "kind")?.value) || !input.value.trim()) return close();
    field = input;
    for (const [name, value] of [["role", "combobox"], ["aria-controls", list.id], ["autocomplete", "off"]]) field.setAttribute(name, value);
    clearTimeout(waiting);
    waiting = setTimeout(ask, 150);
  }

  document.addEventListener("input", typed);
  document.addEventListener("compositionend", typed);
  // Before the rows hear it: Enter takes the marked work instead of going on to the next row.
  document.addEventListener(
    "keydown",
    (event) => {
      if (list.hidden || event.target !== field || event.isComposing) return;
      const all = options();
      const at = all.indexOf(active());
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        mark(all[(at + (event.key === "ArrowDown" ? 1 : all.length - (at < 0 ? 0 : 1))) % all.length]);
      } else if (event.key === "Enter" && active()) {
        choose(active());
      } else if (event.key === "Escape") {
        close();
      } else {
        return;
      }
      event.preventDefault();
      event.stopPropagation();
    },
    true,
  );
  list.addEventListener("mousedown", (event) => {
    const option = event.target.closest("li");
    if (!option) return;
    event.preventDefault();
    choose(option);
  });
  document.addEventListener("focusout", (event) => event.target === field && close());
  window.addEventListener("resize", close);

  // The delivery time that fits the works, where nobody has typed one.
  document.addEventListener("input", (event) => {
    if (event.isTrusted && event.target.form?.querySelector("[data-proposes]")) event.target.dataset.typed = "1";
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target.matches("[data-proposes]")) fill(event.detail.target);
  });
}
