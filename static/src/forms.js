// Forms: one press sends once, rows of a formset come and go, small comforts of entry.

function buttonsOf(form) {
  return [...form.elements].filter((element) => element.matches("button:not([type=button]), input[type=submit]"));
}

function release(form) {
  delete form.dataset.sending;
  form.removeAttribute("aria-busy");
  for (const button of buttonsOf(form)) {
    if (!button.hasAttribute("data-held")) continue;
    button.disabled = false;
    button.removeAttribute("data-held");
    button.classList.remove("btn-loading");
  }
}

function hold(form, pressed) {
  form.dataset.sending = "1";
  form.setAttribute("aria-busy", "true");
  // After the event, so that the pressed button's own name and value are still sent.
  setTimeout(() => {
    for (const button of buttonsOf(form)) {
      if (button.disabled) continue;
      button.setAttribute("data-held", "");
      button.disabled = true;
      if (button === pressed) button.classList.add("btn-loading");
    }
  });
}

function guardDoubleSubmit() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post") return;
    if (form.dataset.sending) return event.preventDefault();
    hold(form, event.submitter);
    // The answer to a download leaves the page standing: free the button again.
    if (form.hasAttribute("data-download")) setTimeout(() => release(form), 3000);
  });
  document.addEventListener("htmx:beforeRequest", (event) => {
    const form = event.detail.elt.closest("form[method=post], form[hx-post]");
    if (!form || event.detail.requestConfig.verb === "get") return;
    if (form.dataset.sending) return event.preventDefault();
    hold(form, event.detail.requestConfig.triggeringEvent?.submitter);
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.detail.elt.closest?.("form");
    if (form) setTimeout(() => release(form));
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) for (const form of document.querySelectorAll("form[data-sending]")) release(form);
  });
}

function rowsOf(set) {
  return set.querySelector("[data-rows]");
}

/** Adds an empty row to a formset and puts the cursor into it, unless told otherwise; returns the row. */
export function addRow(set, { focus = true } = {}) {
  const total = set.querySelector('input[name$="-TOTAL_FORMS"]');
  const limit = Number(set.querySelector('input[name$="-MAX_NUM_FORMS"]')?.value || 1000);
  const number = Number(total.value);
  if (number >= limit) return null;
  const holder = document.createElement("template");
  holder.innerHTML = set.querySelector("template[data-empty-row]").innerHTML.replaceAll("__prefix__", String(number));
  const row = holder.content.firstElementChild;
  rowsOf(set).append(row);
  total.value = String(number + 1);
  window.htmx?.process(row);
  if (focus) row.querySelector("input:not([type=hidden]), select, textarea")?.focus();
  row.dispatchEvent(new CustomEvent("row-added", { bubbles: true }));
  return row;
}

function removeRow(row) {
  const mark = row.querySelector('input[name$="-DELETE"]');
  const next = row.nextElementSibling || row.previousElementSibling;
  if (mark) mark.checked = true;
  for (const field of row.querySelectorAll("[required]")) field.required = false;
  row.hidden = true;
  next?.querySelector("input:not([type=hidden]), select")?.focus();
  row.dispatchEvent(new CustomEvent("row-removed", { bubbles: true }));
}

function formsetRows() {
  document.addEventListener("click", (event) => {
    const add = event.target.closest("[data-add-row]");
    if (add) return void addRow(add.closest("[data-formset]"));
    const remove = event.target.closest("[data-remove-row]");
    if (remove) removeRow(remove.closest("[data-row]"));
  });
  // Enter in the last row opens the next one instead of sending half an order.
  document.addEventListener("keydown", (event) => {
    // With Ctrl it sends the form (keys.js); while Chinese is composed it only ends the word.
    if (event.key !== "Enter" || event.ctrlKey || event.metaKey || event.isComposing) return;
    if (!event.target.matches("[data-formset] input")) return;
    event.preventDefault();
    const row = event.target.closest("[data-row]");
    const set = event.target.closest("[data-formset]");
    const after = [...rowsOf(set).querySelectorAll("[data-row]:not([hidden])")];
    const next = after[after.indexOf(row) + 1];
    if (next) next.querySelector("input:not([type=hidden]), select")?.focus();
    else addRow(set);
  });
}

function comforts() {
  // A turned wheel over a focused number must not change an amount.
  document.addEventListener("wheel", (event) => {
    if (event.target === document.activeElement && event.target.matches("input[type=number]")) event.target.blur();
  }, { passive: true });
  // Filters answer as they are changed.
  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-autosubmit]");
    if (form && !form.hasAttribute("hx-get")) form.requestSubmit();
  });
  // "Select all" of a list.
  document.addEventListener("change", (event) => {
    const all = event.target.closest("[data-check-all]");
    if (!all) return;
    for (const box of document.querySelectorAll(`input[type=checkbox][name="${all.dataset.checkAll}"]`)) box.checked = all.checked;
  });
  // Text being typed is not lost by a stray click.
  let dirty = false;
  document.addEventListener("input", (event) => {
    if (event.target.closest("form[data-guard]")) dirty = true;
  });
  document.addEventListener("submit", () => (dirty = false));
  window.addEventListener("beforeunload", (event) => {
    if (dirty) event.preventDefault();
  });
}

export function startForms() {
  guardDoubleSubmit();
  formsetRows();
  comforts();
}
