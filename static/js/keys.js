// [data-i2a-key="Alt+N"]: that key clicks a button or link, focuses a field, submits a form. Several keys: "/ Control+K".
// The last visible element with the key wins: a page's own button goes before the shell's.
// Single keys (/ and ?) never fire while someone types, and can be switched off (WCAG 2.1.4): [data-i2a-single-keys].

const COOKIE = "single-keys";
const singleKeysAreOn = () => !new RegExp(`(?:^|; )${COOKIE}=off`).test(document.cookie);

const isTyping = (element) =>
  element.isContentEditable || element.matches("textarea, select, input:not([type=radio], [type=checkbox], [type=button], [type=submit])");

// The letter or digit that is printed on the key. With Alt some systems report a symbol instead: then the key's place decides.
function letter(event) {
  if (/^[a-z0-9/?]$/i.test(event.key)) return event.key.toUpperCase();
  const place = /^(?:Key|Digit|Numpad)([A-Z0-9])$/.exec(event.code);
  return place ? place[1] : event.key;
}

function name(event) {
  const key = letter(event);
  if (!event.altKey && !event.ctrlKey && !event.metaKey) return key;
  const parts = [event.ctrlKey || event.metaKey ? "Control" : "", event.altKey ? "Alt" : "", key];
  return parts.filter(Boolean).join("+");
}

const isUsable = (element) => element.matches("form") || (element.getClientRects().length > 0 && !element.disabled);

function find(pressed) {
  const place = document.querySelector("dialog[open]") || document; // behind an open dialog nothing is in reach
  const all = Array.from(place.querySelectorAll("[data-i2a-key]"));
  const match = all.filter((element) => element.dataset.i2aKey.split(" ").includes(pressed) && isUsable(element));
  return match.findLast((element) => !element.matches("form")) || match.at(-1);
}

function act(element) {
  if (element.matches("form")) {
    element.requestSubmit();
  } else if (element.matches("input, textarea, select")) {
    element.focus();
    if (element.select) element.select();
  } else {
    element.click();
  }
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing || event.repeat || event.getModifierState("AltGraph")) return;
  const isSingle = !event.ctrlKey && !event.altKey && !event.metaKey;
  if (isSingle && (isTyping(event.target) || !singleKeysAreOn())) return;
  const element = find(name(event));
  if (!element) return;
  event.preventDefault();
  act(element);
});

for (const box of document.querySelectorAll("[data-i2a-single-keys]")) {
  box.checked = singleKeysAreOn();
  box.addEventListener("change", () => {
    document.cookie = `${COOKIE}=${box.checked ? "on" : "off"}; path=/; max-age=31536000; samesite=lax`;
  });
}
