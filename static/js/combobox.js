// input[data-i2a-combobox="id"]: what the server puts into #id while one types is a list to choose from (WAI-ARIA 1.2 combobox,
// with a list that proposes): arrows open it and move, Enter chooses, Escape closes it and keeps what was typed. Each choice is a
// [role=option] with its text in data-value. #id-status says how many there are. Without script it is a plain field.

function attach(input) {
  const box = document.getElementById(input.dataset.i2aCombobox);
  const status = document.getElementById(`${box.id}-status`);
  let options = [];
  let at = -1;
  let chosen = null; // the text of the choice that is in the field: it is not looked up again

  input.after(box);
  for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false" })) input.setAttribute(name, value);

  const isOpen = () => !box.hidden;

  const show = (wants) => {
    const list = box.querySelector("[role=listbox]");
    box.hidden = !wants || !options.length;
    input.setAttribute("aria-expanded", String(isOpen()));
    if (isOpen()) input.setAttribute("aria-controls", list.id);
    else input.removeAttribute("aria-controls");
    move(-1);
  };

  const move = (to) => {
    at = to;
    options.forEach((option, index) => option.setAttribute("aria-selected", String(index === at)));
    if (at < 0) return input.removeAttribute("aria-activedescendant");
    input.setAttribute("aria-activedescendant", options[at].id);
    options[at].scrollIntoView({ block: "nearest" });
  };

  const step = (by) => {
    if (!isOpen()) show(true);
    if (isOpen()) move(at < 0 && by < 0 ? options.length - 1 : (at + by + options.length) % options.length);
  };

  const choose = (option) => {
    input.value = chosen = option.dataset.value;
    show(false);
    status.textContent = "";
    input.dispatchEvent(new CustomEvent("i2a:chosen", { bubbles: true, detail: option }));
    for (const name of ["input", "change"]) input.dispatchEvent(new Event(name, { bubbles: true }));
  };

  const forget = () => {
    box.replaceChildren();
    options = [];
    status.textContent = "";
    show(false);
  };

  input.addEventListener("input", () => {
    if (input.value === chosen) return;
    chosen = null;
    if (!input.value.trim()) forget();
  });

  input.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (!options.length) return;
      event.preventDefault();
      if (event.altKey) show(event.key === "ArrowDown");
      else step(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter" && at >= 0) {
      event.preventDefault();
      event.stopPropagation();
      choose(options[at]);
    } else if (event.key === "Escape" && isOpen()) {
      event.preventDefault();
      event.stopPropagation();
      show(false);
    }
  });

  input.addEventListener("blur", () => show(false));
  box.addEventListener("pointerdown", (event) => event.preventDefault()); // the cursor stays in the field
  box.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) choose(option);
  });

  input.addEventListener("htmx:beforeRequest", (event) => {
    if (input.value === chosen || !input.value.trim()) event.preventDefault();
  });
  box.addEventListener("htmx:afterSwap", () => {
    options = Array.from(box.querySelectorAll("[role=option]"));
    status.textContent = box.querySelector("[data-i2a-status]")?.dataset.i2aStatus || "";
    show(document.activeElement === input && input.value !== chosen);
  });
}

document.querySelectorAll("input[data-i2a-combobox]").forEach(attach);
