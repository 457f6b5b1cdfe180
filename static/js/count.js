// textarea[data-i2a-count="4000"]: says below it how many characters are left. The server has the last word.
// Words in the body: [data-i2a-chars-left], [data-i2a-chars-over] (with %d).

const FEW = 0.1; // of all; before that a number that changes with every key would only be noise for a screen reader

function say(area) {
  const most = Number(area.dataset.i2aCount);
  const left = most - Array.from(area.value.replaceAll("\r\n", "\n")).length;
  const words = left < 0 ? document.body.dataset.i2aCharsOver : document.body.dataset.i2aCharsLeft;
  area.i2aCounter.textContent = words.replace("%d", String(Math.abs(left)));
  area.i2aCounter.classList.toggle("is-over", left < 0);
  area.i2aCounter.setAttribute("aria-live", left <= most * FEW ? "polite" : "off");
}

function arm(area) {
  if (area.i2aCounter) return;
  area.i2aCounter = Object.assign(document.createElement("p"), { className: "counter" });
  area.after(area.i2aCounter);
  area.addEventListener("input", () => say(area));
  say(area);
}

const armAll = (root) => root.querySelectorAll("textarea[data-i2a-count]").forEach(arm);
armAll(document);
document.addEventListener("htmx:afterSettle", (event) => armAll(event.target));
addEventListener("i2a:restored", () => document.querySelectorAll("textarea[data-i2a-count]").forEach(say));
