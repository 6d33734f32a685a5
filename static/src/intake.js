// The gate: Enter in the plate goes on to what must be said next, what is known fills in what nobody has typed yet.

export function fill(root) {
  for (const known of root.querySelectorAll("[data-fill]")) {
    const field = document.querySelector(known.dataset.fill);
    if (!field || field.dataset.typed) continue;
    field.value = known.dataset.value;
  }
}

function enter(field) {
  field?.focus();
  field?.select?.();
}

export function startIntake() {
  // A level by one tap.
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-set]");
    const field = button && document.querySelector(button.dataset.set);
    if (!field) return;
    field.value = button.dataset.value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });

  const plate = document.querySelector("[data-plate-lookup] input");
  const car = document.getElementById("car");
  if (!plate || !car) return;
  const mileage = document.getElementById("id_mileage");
  let asked = plate.value;
  let isWaiting = false;
  // A new car asks for its customer first; a known one goes on with the mileage, where the cursor stands already.
  const goOn = () => {
    isWaiting = false;
    const next = document.querySelector(car.querySelector("[data-next]")?.dataset.next || "#id_mileage");
    if (document.activeElement === mileage && !mileage.value) enter(next);
  };

  document.addEventListener("input", (event) => {
    if (event.target.closest("form.intake")) event.target.dataset.typed = "1";
  });
  plate.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.ctrlKey || event.metaKey || event.isComposing) return;
    event.preventDefault();
    // At once, however slow the line is: what is typed next must not land in the plate.
    enter(mileage);
    if (asked === plate.value) return goOn();
    isWaiting = true;
    window.htmx.trigger(plate.closest("[data-plate-lookup]"), "lookup");
  });
  // What a part of the card asks for itself is no answer to the plate.
  car.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target === car) asked = plate.value;
  });
  car.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target !== car) return;
    fill(car);
    if (isWaiting && asked === plate.value) goOn();
  });
  // On a tablet the walk-round is done there and then.
  const sheet = document.querySelector("details[data-sheet]");
  if (sheet && window.matchMedia("(max-width: 900px)").matches) sheet.open = true;
}
