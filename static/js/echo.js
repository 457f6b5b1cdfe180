// [data-i2a-echo="name"]: repeats what was chosen under that name, as it will be saved; [data-i2a-echo-empty] when nothing was.
// [data-i2a-missing]: how many [data-i2a-required] groups and fields of the form have no answer yet; words in
// [data-none], [data-one] and [data-many] (with %d), counted in [data-i2a-left].
// [data-i2a-required-with="name email"]: required as soon as one of those is filled in.

const form = document.querySelector("[data-i2a-draft]");

function labelOf(control) {
  const label = control.labels?.[0];
  if (!label) return control.value;
  const words = label.cloneNode(true);
  words.querySelectorAll("[aria-hidden], .lacks").forEach((part) => part.remove());
  return words.textContent.trim();
}

function chosen(name) {
  return Array.from(form.elements)
    .filter((control) => control.name === name)
    .map((control) => {
      if (control.matches("[type=radio], [type=checkbox]")) return control.checked ? control.dataset.i2aSay || labelOf(control) : "";
      if (control.matches("select")) return control.value ? control.selectedOptions[0].textContent.trim() : "";
      return control.type === "hidden" ? "" : control.value.trim();
    })
    .filter(Boolean);
}

function isAnswered(place) {
  const controls = place.matches("input, select, textarea") ? [place] : Array.from(place.querySelectorAll("input, select, textarea"));
  return controls.some((control) => (control.matches("[type=radio], [type=checkbox]") ? control.checked : control.value.trim()));
}

function isAsked(place) {
  const names = place.dataset.i2aRequiredWith;
  return place.getClientRects().length > 0 && (names === undefined || names.split(" ").some((name) => chosen(name).length));
}

function refresh() {
  for (const out of document.querySelectorAll("[data-i2a-echo]")) {
    const words = chosen(out.dataset.i2aEcho).join(", ") || out.dataset.i2aEchoEmpty || "";
    if (out.textContent !== words) out.textContent = words;
  }
  const required = Array.from(document.querySelectorAll("[data-i2a-required], [data-i2a-required-with]")).filter(isAsked);
  const left = required.filter((place) => !isAnswered(place)).length;
  for (const out of document.querySelectorAll("[data-i2a-missing]")) {
    const words = left === 0 ? out.dataset.none : left === 1 ? out.dataset.one : out.dataset.many.replace("%d", left);
    const place = out.querySelector("[data-i2a-words]") || out;
    if (place.textContent !== words) place.textContent = words;
    out.dataset.i2aLeft = left;
  }
}

if (form) {
  document.addEventListener("input", refresh);
  document.addEventListener("change", refresh);
  document.addEventListener("htmx:afterSettle", refresh);
  addEventListener("i2a:restored", refresh);
  refresh();
}
