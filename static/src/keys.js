// data-key="1" on a button, link or choice is pressed by that key; shown as a <kbd> hint.
// With data-focus on a group the key goes to its first field and answers nothing.
// Plain keys rest while someone types; "Ctrl+Enter" and "F2" style keys always work.

const typing = (element) =>
  element?.isContentEditable ||
  element?.matches("textarea, select, input:not([type=button], [type=submit], [type=checkbox], [type=radio], [type=reset])");

const visible = (element) => Boolean(element.offsetParent) && !element.disabled && !element.closest("[inert]");

function named(event) {
  const parts = [];
  if (event.ctrlKey || event.metaKey) parts.push("Ctrl");
  if (event.altKey) parts.push("Alt");
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  return [...parts, key].join("+");
}

function scope() {
  return document.querySelector(".modal.show") || document;
}

export function startKeys() {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing || event.repeat) return;
    const name = named(event);
    const plain = event.key.length === 1 && !event.ctrlKey && !event.altKey && !event.metaKey;
    if (plain && typing(document.activeElement)) return;
    const wanted = [...scope().querySelectorAll("[data-key]")].find(
      (element) => element.dataset.key.toLowerCase() === name.toLowerCase() && visible(element),
    );
    if (!wanted) return;
    event.preventDefault();
    if (wanted.hasAttribute("data-focus")) {
      const field = wanted.querySelector("input:not([type=hidden]), select, textarea");
      field?.focus();
      field?.select?.();
    } else if (wanted.matches("input:not([type=radio], [type=checkbox], [type=submit]), textarea, select")) {
      wanted.focus();
      wanted.select?.();
    } else {
      wanted.click();
    }
  });
}
