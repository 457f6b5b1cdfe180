// [data-i2a-lookup]: the matches under a lookup field become a listbox (WAI-ARIA combobox): arrows move, Enter starts the call
// with the chosen person, Ctrl+Enter opens the record only, Esc clears. Without script each match shows its two buttons.
// Enter before the matches have come waits for them, and then starts only if there is exactly one and it is certain.

const SEEN = new WeakSet();

function upgrade(box) {
  const input = box.querySelector("input[name=q]");
  const target = box.querySelector(".results");
  const list = target.querySelector("[data-i2a-results]");
  const options = list ? Array.from(list.querySelectorAll("[data-i2a-result]")) : [];
  input.setAttribute("aria-expanded", String(options.length > 0));
  input.removeAttribute("aria-activedescendant");
  if (!list) {
    input.removeAttribute("aria-controls");
    return [];
  }
  list.id ||= `${target.id}-list`;
  list.setAttribute("role", "listbox");
  list.querySelectorAll("ul").forEach((group) => group.setAttribute("role", "group"));
  list.querySelectorAll(".results-head").forEach((heading) => heading.setAttribute("role", "presentation"));
  input.setAttribute("aria-controls", list.id);
  options.forEach((option, index) => {
    option.id ||= `${list.id}-${index + 1}`;
    option.setAttribute("role", "option");
    option.querySelector("[data-i2a-acts]").hidden = true;
    option.addEventListener("click", (event) => choose(option, event.ctrlKey || event.metaKey));
  });
  box.querySelector("[data-i2a-lookup-status]").textContent = list.dataset.i2aStatus || "";
  return options;
}

function choose(option, wantsRecord) {
  const open = option.querySelector("[data-i2a-open]");
  const start = option.querySelector("[data-i2a-start]");
  (wantsRecord ? open : start || open)?.click();
}

function attach(box) {
  if (SEEN.has(box)) return;
  SEEN.add(box);
  const input = box.querySelector("input[name=q]");
  const target = box.querySelector(".results");
  const status = box.querySelector("[data-i2a-lookup-status]");
  let options = [];
  let at = -1;
  let asked = input.value;
  let drawnFor = input.value;
  let enterPressed = false;

  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");

  const isWaiting = () => input.value.trim() !== drawnFor.trim(); // typed since the matches on show were drawn

  const move = (to) => {
    if (!options.length) return;
    at = (to + options.length) % options.length;
    options.forEach((option, index) => option.setAttribute("aria-selected", String(index === at)));
    input.setAttribute("aria-activedescendant", options[at].id);
    options[at].scrollIntoView({ block: "nearest" });
  };

  const redraw = () => {
    options = upgrade(box);
    at = -1;
    drawnFor = asked;
    move(0);
    if (!enterPressed) return;
    enterPressed = false;
    const people = options.filter((option) => !option.hasAttribute("data-i2a-new"));
    if (people.length === 1 && people[0].hasAttribute("data-i2a-certain")) choose(people[0], false);
  };

  const clear = () => {
    input.value = asked = "";
    target.replaceChildren();
    redraw();
    status.textContent = "";
  };

  const failed = () => {
    enterPressed = false;
    drawnFor = input.value;
    options = [];
    target.replaceChildren(Object.assign(document.createElement("p"), { className: "results-foot mb-0", textContent: box.dataset.i2aOffline }));
    status.textContent = box.dataset.i2aOffline;
  };

  input.addEventListener("input", () => {
    enterPressed = false;
    if (!input.value.trim()) clear();
  });

  input.addEventListener("keydown", (event) => {
    if (event.isComposing || event.altKey) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      move(at + (event.key === "ArrowDown" ? 1 : -1));
    } else if (event.key === "Escape" && input.value) {
      event.preventDefault();
      clear();
    } else if (event.key === "Enter") {
      // Kept from the form (a whole page) and from Ctrl+Enter's "save the call", unless nothing else can help.
      if (!options.length && !isWaiting()) return;
      event.preventDefault();
      event.stopPropagation();
      if (isWaiting()) enterPressed = true;
      else if (at >= 0) choose(options[at], event.ctrlKey || event.metaKey);
    }
  });

  box.addEventListener("htmx:configRequest", () => (asked = input.value));
  box.addEventListener("htmx:afterSwap", redraw);
  for (const name of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) box.addEventListener(name, failed);
  // Elsewhere on the page a drop-down list is in the way; the field keeps its text.
  if (!box.matches(".big-lookup")) {
    document.addEventListener("click", (event) => {
      if (!box.contains(event.target) && options.length) {
        target.replaceChildren();
        redraw();
      }
    });
  }
  redraw();
}

document.querySelectorAll("[data-i2a-lookup]").forEach(attach);
