// [data-i2a-box="4"]: Alt+4 goes to that box, also Ctrl+Alt+4 (on Linux Alt and a digit change the browser's tab).
// While Alt is held the boxes show their keys.

const digit = (event) => (/^(?:Digit|Numpad)([1-9])$/.exec(event.code) || [])[1];
const show = (isHeld) => document.body.classList.toggle("show-keys", isHeld);

// The first field of the box; of a group of answers the one that was chosen. Not what a closed <details> hides.
function enter(box) {
  const fields = Array.from(box.querySelectorAll("input:not([type=hidden]), select, textarea, button")).filter(
    (field) => !field.disabled && !field.matches(".say-switch") && field.checkVisibility(),
  );
  const first = fields[0];
  if (!first) return false;
  const field = fields.find((each) => each.type === "radio" && each.name === first.name && each.checked) || first;
  field.focus({ preventScroll: true });
  box.scrollIntoView({ block: "nearest" });
  if (field.matches("textarea, input[type=text], input[type=search]")) field.setSelectionRange(field.value.length, field.value.length);
  return true;
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Alt" && document.querySelector("[data-i2a-box]")) show(true);
  if (!event.altKey || event.metaKey || event.getModifierState("AltGraph")) return;
  const number = digit(event);
  const box = number && document.querySelector(`[data-i2a-box="${number}"]`);
  if (box && enter(box)) event.preventDefault();
});
document.addEventListener("keyup", (event) => {
  if (event.key === "Alt") {
    show(false);
    // A lone Alt would move the focus to the browser's own menu.
    if (document.querySelector("[data-i2a-box]")) event.preventDefault();
  }
});
addEventListener("blur", () => show(false));

// form[data-i2a-no-enter]: Enter in a field must not save half a call; only Ctrl+Enter or the button does.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.ctrlKey || event.metaKey || event.isComposing) return;
  if (event.target.matches("input") && event.target.form?.matches("[data-i2a-no-enter]")) event.preventDefault();
});
