// [data-i2a-timer="start"]: how long the call lasts. [data-i2a-now]: the server's clock when it drew the page, because the
// browser's may be wrong and a demonstration may run at another time. Never announced: it would talk over the caller.

function show(element, startedAt, behind) {
  const seconds = Math.max(0, Math.floor((Date.now() + behind - startedAt) / 1000));
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const two = (number) => String(number).padStart(2, "0");
  element.textContent = hours ? `${hours}:${two(minutes)}:${two(rest)}` : `${two(minutes)}:${two(rest)}`;
}

function start(element) {
  if (element.dataset.i2aRunning) return;
  element.dataset.i2aRunning = "true";
  const startedAt = Date.parse(element.dataset.i2aTimer);
  if (Number.isNaN(startedAt)) return;
  const behind = element.dataset.i2aNow ? Date.parse(element.dataset.i2aNow) - Date.now() : 0;
  show(element, startedAt, behind);
  const ticking = setInterval(() => {
    if (element.isConnected) show(element, startedAt, behind);
    else clearInterval(ticking);
  }, 1000);
}

const startAll = () => document.querySelectorAll("[data-i2a-timer]").forEach(start);
startAll();
document.addEventListener("htmx:afterSettle", startAll);
