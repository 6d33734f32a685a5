// The search box of the header: "/" jumps there, arrows walk the answers, Escape leaves.

export function startSearch() {
  const box = document.getElementById("search-box");
  const answers = document.getElementById("search-answers");
  if (!box || !answers) return;
  const close = () => {
    answers.replaceChildren();
    box.setAttribute("aria-expanded", "false");
  };
  const links = () => [...answers.querySelectorAll("a")];

  answers.addEventListener("htmx:afterSwap", () => box.setAttribute("aria-expanded", String(answers.childElementCount > 0)));
  box.form.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      close();
      box.blur();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const all = links();
      if (!all.length) return;
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      const at = all.indexOf(document.activeElement) + step;
      if (at < 0) box.focus();
      else all[Math.min(at, all.length - 1)].focus();
    }
  });
  document.addEventListener("click", (event) => {
    if (!box.form.contains(event.target)) close();
  });
}
